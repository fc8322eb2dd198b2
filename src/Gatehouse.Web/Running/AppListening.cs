using System.Security.Cryptography;
using Gatehouse.Http.Server;
using Gatehouse.Net.Tls;
using Gatehouse.Pki.Authority;
using Gatehouse.Pki.Names;

namespace Gatehouse.Web;

/// <summary>Opens the addresses of an application: <c>ADDRESS:PORT</c>, with <c>tls</c> behind it for HTTPS.</summary>
internal static class AppListening
{
    private static readonly CertificateName[] ThisMachine = [CertificateName.Parse("localhost"), CertificateName.Parse("127.0.0.1"), CertificateName.Parse("::1")];

    private static readonly byte[] PlainHttpAnswer =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: 54\r\n\r\nThis port speaks HTTPS, and the request came without.\n"u8.ToArray();

    /// <summary>Listens; the URLs with real ports.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">An address cannot be bound.</exception>
    /// <exception cref="SettingsException">An address or a certificate cannot be used.</exception>
    public static IReadOnlyList<string> Open(App app, HttpService service)
    {
        var urls = new List<string>();
        TlsServer? tls = null;
        foreach (var address in app.Settings.Listen)
        {
            var words = address.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var isTls = words is [_, "tls"];
            if (words.Length != 1 && !isTls)
                throw new SettingsException($"listen: found '{address}', expected ADDRESS:PORT, and behind it tls if wanted");
            if (!Protocols.Addresses.Endpoint.TryParse(words[0], out var endpoint, out var fault))
                throw new SettingsException($"listen: {fault}");
            var bound = service.Listen(endpoint, isTls ? tls ??= Tls(app) : null);
            urls.Add(bound.IsUnix ? bound.ToString() : $"{(isTls ? "https" : "http")}://{bound}/");
        }
        return urls;
    }

    // A certificate of the settings (tls:cert and tls:key, PEM files), else one of the local authority for this machine's own names.
    private static TlsServer Tls(App app)
    {
        try
        {
            var configuration = app.Configuration;
            TlsCertificate certificate;
            if (configuration["tls:cert"] is { } cert)
            {
                var key = configuration["tls:key"] ?? throw new SettingsException("tls: found cert without key; expected both, PEM files");
                certificate = TlsCertificate.FromFiles(Path.Combine(app.Root, cert), Path.Combine(app.Root, key));
                certificate.Check(DateTimeOffset.UtcNow);
            }
            else
            {
                var issued = LocalAuthority.FindOrCreate(StatePath(configuration["state"])).Issue(ThisMachine, TimeSpan.FromDays(90));
                certificate = TlsCertificate.FromPem(issued.ChainPem, issued.KeyPem);
            }
            return new TlsServer(new TlsServerOptions
            {
                Sites = [new TlsSite([], new FixedCertificate(certificate))],
                Protocols = HttpServer.Protocols,
                TicketKeys = new TlsTicketKeys(),
                PlainHttpAnswer = PlainHttpAnswer,
            });
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"tls: {exception.Message}", exception);
        }
    }

    // The state folder of the server that this application would run behind: they share the local authority.
    internal static string StatePath(string? named)
    {
        if (named is { Length: > 0 } || (named = Environment.GetEnvironmentVariable("GATEHOUSE_STATE")) is { Length: > 0 })
            return Path.GetFullPath(named);
        if (Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } xdg)
            return Path.Combine(xdg, "gatehouse");
        return Environment.GetEnvironmentVariable("HOME") is { Length: > 1 } home ? Path.Combine(home, ".local/state/gatehouse") : "/var/lib/gatehouse";
    }
}
