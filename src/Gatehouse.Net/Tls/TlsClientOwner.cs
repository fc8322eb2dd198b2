using Gatehouse.Net.Interop;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Tls;

/// <summary>What one client connection keeps of its settings: whom it is for, and where its sessions go.</summary>
internal sealed class TlsClientOwner : ISslOwner
{
    private readonly TlsClient _client;
    private readonly bool _isAddress;

    internal TlsClientOwner(TlsClient client, string name)
    {
        _client = client;
        Name = name is ['[', .. var inner, ']'] ? inner : name.TrimEnd('.');
        _isAddress = IpAddress.TryParse(Name, out _);
    }

    /// <summary>The name or address that the server's certificate must be for.</summary>
    internal string Name { get; }

    internal IReadOnlyList<string> Protocols => _client.Options.Protocols;

    ReadOnlySpan<byte> ISslOwner.Staple => default;

    SslTicketKeys? ISslOwner.TicketKeys => null;

    int ISslOwner.OnClientHello(ReadOnlySpan<byte> serverName, ReadOnlySpan<byte> protocols, out int alert)
    {
        alert = SslConstants.AlertInternalError;
        return SslConstants.HelloRefuse;
    }

    int ISslOwner.PickProtocol(ReadOnlySpan<byte> offered) => -1;

    bool ISslOwner.OnSession(nint session) => _client.Keep(Name, session);

    internal SslConnection Begin(Transport carrier)
    {
        var ssl = SslConnection.Connect(carrier, this, _client.Context, Name, _isAddress, _client.Options.Verify);
        using var session = _client.Take(Name);
        if (session is not null)
            ssl.Resume(session);
        return ssl;
    }
}
