using Gatehouse.AspNetCore.Addresses;
using Gatehouse.Http.Server;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;
using Gatehouse.Pki.Authority;
using Gatehouse.Pki.Keeping;
using Gatehouse.Pki.Names;
using Gatehouse.Pki.Storage;

namespace Gatehouse.AspNetCore;

/// <summary>TLS for https addresses: what the options name, else a certificate of the local authority for the names of those addresses, kept renewed.</summary>
internal sealed class ServerCertificates(GatehouseServerOptions options, ServerEvents events) : IAsyncDisposable
{
    private static readonly string[] LocalHostNames = ["localhost", "127.0.0.1", "::1"];
    private CertificateKeeper? _keeper;

    /// <summary>Puts TLS in front of <paramref name="server"/> for these addresses.</summary>
    /// <exception cref="IOException">There is no certificate, and none can be made; the message says why.</exception>
    public TlsAcceptor Secure(HttpServer server, IReadOnlyList<ServerAddress> addresses)
    {
        var source = options.Certificates ?? Local(addresses);
        return new TlsAcceptor(
            new TlsServer(new TlsServerOptions
            {
                Sites = [new TlsSite([], source, options.ClientCertificates, options.ClientAuthorities)],
                Protocols = HttpServer.Protocols,
                TicketKeys = new TlsTicketKeys(),
            }),
            server,
            events);
    }

    public async ValueTask DisposeAsync()
    {
        if (_keeper is { } keeper)
            await keeper.DisposeAsync();
        _keeper = null;
    }

    private LocalCertificate Local(IReadOnlyList<ServerAddress> addresses)
    {
        var names = new List<CertificateName>();
        foreach (var host in LocalHostNames.Concat(addresses.Where(address => address.IsSecure).Select(address => address.Host)))
        {
            if (CertificateName.TryParse(host.Trim('[', ']'), out var name, out _) && !names.Contains(name))
                names.Add(name);
        }
        var state = options.State ?? StatePath.Default();
        var issuer = new LocalIssuer(state);
        _keeper = new CertificateKeeper(state, events);
        _keeper.Keep([new CertificateWish(names, issuer)]);
        if (_keeper.Status[0] is { NotAfter: null } status)
            throw new IOException($"There is no certificate for https addresses, and {status.Issuer} gave none: {status.LastError}");
        return new LocalCertificate(_keeper, names[0].ToString());
    }

    /// <summary>The one certificate that is kept, whatever name a client asks for: it will find out by itself when that is another.</summary>
    private sealed class LocalCertificate(CertificateKeeper keeper, string name) : ICertificateSource
    {
        public ValueTask<TlsCertificate?> FindAsync(string serverName) => keeper.FindAsync(name);
    }
}
