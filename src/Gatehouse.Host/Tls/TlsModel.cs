using System.Security.Cryptography;
using Gatehouse.Config;
using Gatehouse.Dns.Forwarder.Settings;
using Gatehouse.Edge.Secure;
using Gatehouse.Http.Server;
using Gatehouse.Net.Tls;

namespace Gatehouse.Host.Tls;

/// <summary>The TLS of a configuration: its certificates read and looked at, and a server made of them.</summary>
public sealed class TlsModel
{
    private static readonly byte[] PlainHttpAnswer =
    [
        .. "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: 53\r\n\r\n"u8,
        .. "This port speaks HTTPS, and the request came without.\n"u8[..53],
    ];

    private readonly Dictionary<SiteConfig, TlsSite> _sites = new(ReferenceEqualityComparer.Instance);
    private readonly ServerConfig _config;
    private readonly int _port;

    private TlsModel(ServerConfig config, ICertificateSource? automatic)
    {
        _config = config;
        _port = config.Listen.Where(listen => listen.IsTls && !listen.Endpoint.IsUnix).Select(listen => (int)listen.Endpoint.Port).FirstOrDefault();
        if (!IsServed(config))
            return;
        var faults = new List<string>();
        var warnings = new List<string>();
        foreach (var site in config.Sites)
        {
            if (site.Tls.Mode == TlsMode.Off)
                continue;
            try
            {
                _sites.Add(site, Site(site, automatic, warnings));
            }
            catch (CryptographicException exception)
            {
                faults.Add($"site {NameOf(site)}: tls: {exception.Message}");
            }
        }

        if (faults.Count == 0 && _sites.Count == 0)
            faults.Add("listen: found tls, expected at least one site with a certificate");
        if (faults.Count > 0)
            throw new TlsConfigException(string.Join('\n', faults));
        Warnings = warnings;
    }

    /// <summary>What is wrong with the certificates that the server goes on in spite of.</summary>
    public IReadOnlyList<string> Warnings { get; } = [];

    /// <summary>Reads the certificates of a configuration.</summary>
    /// <param name="config">A configuration without faults.</param>
    /// <param name="automatic">Where sites with <c>tls: auto</c> get theirs; null when there is no authority.</param>
    /// <exception cref="TlsConfigException">A certificate cannot be used.</exception>
    public static TlsModel Read(ServerConfig config, ICertificateSource? automatic)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new TlsModel(config, automatic);
    }

    /// <summary>Reads the certificates of a configuration without an authority at hand: those in files are looked at, the rest will be made.</summary>
    /// <returns>What is wrong with them that a server goes on in spite of.</returns>
    /// <exception cref="TlsConfigException">A certificate cannot be used.</exception>
    public static IReadOnlyList<string> Check(ServerConfig config) => Read(config, new Absent()).Warnings;

    /// <summary>A server of what was read; null when nobody listens for TLS.</summary>
    internal TlsServer? ToServer(ref TlsTicketKeys? keys, ITicketKeyStore store) => ToServer(_sites, HttpServer.Protocols, PlainHttpAnswer, ref keys, store);

    /// <summary>A server of DNS over TLS with the same certificates; null when nobody listens for it.</summary>
    internal TlsServer? ToNameServer(ref TlsTicketKeys? keys, ITicketKeyStore store)
    {
        if (!IsNameServed(_config))
            return null;

        // A site belongs to one server, whose protocols and tickets its connections have.
        var sites = _sites.ToDictionary(
            pair => pair.Key, pair => new TlsSite(pair.Value.Names, pair.Value.Certificates, pair.Value.ClientAuth, pair.Value.ClientAuthorities), ReferenceEqualityComparer.Instance as IEqualityComparer<SiteConfig>);
        return ToServer(sites, ["dot"], default, ref keys, store);
    }

    private TlsServer? ToServer(Dictionary<SiteConfig, TlsSite> all, IReadOnlyList<string> protocols, ReadOnlyMemory<byte> plainAnswer, ref TlsTicketKeys? keys, ITicketKeyStore store)
    {
        if (!IsServed(_config))
            return null;

        // Made when first needed: whoever serves no TLS loads no cryptography.
        if (_config.Tls.Tickets > 0)
            keys ??= new TlsTicketKeys(store: store);

        // The site of every other name comes first, for clients that name none.
        var sites = _config.Sites.Where(all.ContainsKey).OrderBy(site => site.Hosts.Count > 0).Select(site => all[site]);
        return new TlsServer(new TlsServerOptions
        {
            Sites = [.. sites],
            Protocols = protocols,
            RefuseUnknownNames = _config.Tls.UnknownNames == "refuse",
            AllowTls12 = _config.Tls.MinVersion == "1.2",
            Tickets = _config.Tls.Tickets,
            TicketKeys = _config.Tls.Tickets > 0 ? keys : null,
            HandshakeTime = _config.Timeouts.Handshake,
            MaxHandshakes = _config.Limits.Connections,
            PlainHttpAnswer = plainAnswer,
        });
    }

    /// <summary>What a site asks of its connections.</summary>
    internal SecureSiteRules RulesOf(SiteConfig site)
    {
        if (!_sites.TryGetValue(site, out var tls))
            return new SecureSiteRules { AllowsTls = site.Tls.Mode != TlsMode.Off };
        var hasOwn = site.Tls.Cert is not null;
        var redirects = site.HttpsRedirect == SiteSwitch.On || (site.HttpsRedirect == SiteSwitch.Auto && (hasOwn || SiteNames.AreNotJustHere(site.Hosts)));
        var isStrict = site.Hsts.Mode == SiteSwitch.On || (site.Hsts.Mode == SiteSwitch.Auto && SiteNames.ArePublic(site.Hosts));
        return new SecureSiteRules
        {
            ClientScope = tls.ClientScope,
            RedirectPort = redirects ? _port : 0,
            StrictTransport = isStrict ? site.Hsts.Field : "",
        };
    }

    /// <summary>True when somebody listens for TLS.</summary>
    internal static bool IsServed(ServerConfig config) => config.Listen.Any(listen => listen.IsTls) || config.Admin?.Listen.Any(listen => listen.IsTls) == true || IsNameServed(config);

    private static bool IsNameServed(ServerConfig config) => config.Section<DnsConfig>()?.Listen.Any(listen => listen.Kind == DnsListenKind.Tls) == true;

    private static string NameOf(SiteConfig site) => site.Hosts.Count == 0 ? "of every other name" : $"'{site.Hosts[0]}'";

    private static TlsSite Site(SiteConfig site, ICertificateSource? automatic, List<string> warnings)
    {
        var tls = site.Tls;
        var names = site.Hosts.Select(SiteNames.ForTls).ToArray();
        ICertificateSource source;
        if (tls.Cert is { } cert)
        {
            var certificate = TlsCertificate.FromFiles(cert.Value, tls.Key!.Value.Value, tls.Staple?.Value);
            certificate.Check(DateTimeOffset.UtcNow);
            source = new FixedCertificate(certificate);
            if ((File.GetUnixFileMode(tls.Key.Value.Value) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
                warnings.Add($"site {NameOf(site)}: the private key '{tls.Key}' can be read or written by every user of this machine: chmod o-rw it");
        }
        else
        {
            source = automatic ?? throw new CryptographicException("found auto, and there is no authority to ask; expected cert and key, or off");
        }

        if (tls.ClientCa is not { } authority)
            return new TlsSite(names, source);
        var auth = tls.ClientAuth == "optional" ? TlsClientAuth.Optional : TlsClientAuth.Required;
        return new TlsSite(names, source, auth, TlsCertificate.AuthoritiesFromFile(authority.Value));
    }

    private sealed class Absent : ICertificateSource
    {
        public ValueTask<TlsCertificate?> FindAsync(string serverName) => default;
    }
}
