using Gatehouse.Config;
using Gatehouse.Host.Tls;
using Gatehouse.Http.Client;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tls;
using Gatehouse.Pki;
using Gatehouse.Pki.Acme;
using Gatehouse.Pki.Acme.Challenges;
using Gatehouse.Pki.Acme.Client;
using Gatehouse.Pki.Authority;
using Gatehouse.Pki.Keeping;
using Gatehouse.Pki.Names;

namespace Gatehouse.Host.Certificates;

/// <summary>
/// The certificates of sites with <c>tls: auto</c>: local names get theirs from the local authority, public ones by ACME. A name is looked for 1 among those
/// that sites list, 2 made on the spot when it is local, 3 on demand when the configuration allows that; 4 who asks for none gets that of localhost.
/// Lives across changes of configuration.
/// </summary>
internal sealed class AutomaticCertificates : ICertificateSource, ICertificateEvents, IDisposable
{
    // Local names that nobody lists: enough for any developer, and nothing that a stranger could fill a disk with.
    private const int LocalPerHour = 1000;

    private static readonly CertificateName[] ThisMachine = [.. new[] { "localhost", "127.0.0.1", "::1" }.Select(CertificateName.Parse)];

    private readonly string _state;
    private readonly IServerLog _log;
    private readonly TlsAlpnChallenges _tls = new();
    private readonly CertificateKeeper _keeper;
    private readonly OnDemandCertificates _onDemandLocal;
    private readonly Lazy<HttpRequester> _requester;
    private volatile OnDemandCertificates? _onDemand;
    private AcmeConfig? _acme;
    private AcmeIssuer? _issuer;

    /// <summary>Keeps nothing yet.</summary>
    /// <param name="local">The local authority.</param>
    /// <param name="log">Where it reports.</param>
    /// <param name="reactors">Carry the questions whether a name is welcome.</param>
    public AutomaticCertificates(LocalIssuer local, IServerLog log, ReactorGroup reactors)
    {
        _requester = new(() => new HttpRequester(new RequesterOptions { MaxRedirects = 0, MaxBodyBytes = 64 * 1024, Reactors = reactors }));
        Local = local;
        _state = local.State;
        _log = log;
        _keeper = new CertificateKeeper(_state, this, _tls);
        _onDemandLocal = new OnDemandCertificates(_keeper, local, static (name, _) => Task.FromResult(IsLocal(name)), LocalPerHour);
    }

    /// <summary>The local authority.</summary>
    public LocalIssuer Local { get; }

    /// <summary>Proofs by HTTP.</summary>
    public HttpChallenges Http { get; } = new();

    /// <summary>What became of each certificate.</summary>
    public IReadOnlyList<CertificateStatus> Status => _keeper.Status;

    /// <summary>True when proofs by HTTP may be asked for.</summary>
    public bool UsesAcme => _issuer is not null;

    /// <summary>Keeps the certificates of the sites with <c>tls: auto</c>.</summary>
    /// <exception cref="IOException">The folder for them cannot be made, or a file of the acme section cannot be read.</exception>
    public void Apply(ServerConfig config)
    {
        var wishes = new List<CertificateWish>();
        var sites = TlsModel.IsServed(config) ? config.Sites.Where(site => site.Tls is { Mode: TlsMode.Auto, Cert: null }).ToList() : [];
        var acme = config.Section<AcmeConfig>() ?? new AcmeConfig();
        foreach (var site in sites)
        {
            var names = site.Hosts.Select(host => CertificateName.Parse(host.ToString())).ToLookup(LocalNames.Contains);
            if (names[true].ToList() is { Count: > 0 } local)
                wishes.Add(new CertificateWish(local, Local));
            if (names[false].ToList() is { Count: > 0 } listed)
                wishes.Add(new CertificateWish(listed, Issuer(acme)));
            if (site.Hosts.Count == 0)
                wishes.Add(new CertificateWish(ThisMachine, Local));
        }
        _onDemand = acme.OnDemand is { } demand && sites.Count > 0
            ? new OnDemandCertificates(_keeper, Issuer(acme), (name, cancellation) => AskAsync(demand.Ask, name, cancellation), demand.PerHour)
            : null;
        _keeper.Keep(wishes);
    }

    /// <inheritdoc/>
    public ValueTask<TlsCertificate?> FindAsync(string serverName)
    {
        // 1
        if (_keeper.TryFind(serverName, out var kept))
            return kept;
        // 2
        if (IsLocal(serverName))
            return _onDemandLocal.FindAsync(serverName);
        // 3
        if (_onDemand is { } onDemand && serverName.Length > 0)
            return onDemand.FindAsync(serverName);
        // 4
        return _keeper.FindAsync(ThisMachine[0].ToString());
    }

    /// <inheritdoc/>
    public TlsCertificate? FindChallenge(string serverName) => _tls.Find(serverName);

    /// <inheritdoc/>
    public void OnIssued(IssuedCertificate certificate, string issuer, DateTimeOffset renewAt) =>
        _log.Info($"certificate for {string.Join(", ", certificate.Names)} from {issuer}, valid until {certificate.NotAfter:u}; renewed at {renewAt:u}");

    /// <inheritdoc/>
    public void OnFailed(IReadOnlyList<CertificateName> names, string reason, DateTimeOffset retryAt) =>
        _log.Error($"no new certificate for {string.Join(", ", names)}: {reason}; tried again at {retryAt:u}, and what was served before still is");

    /// <inheritdoc/>
    public void OnNotStored(IReadOnlyList<CertificateName> names, string reason) =>
        _log.Error($"the certificate for {string.Join(", ", names)} cannot be stored: {reason}");

    /// <summary>Stops renewing.</summary>
    public void Dispose()
    {
        _keeper.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(5));
        _issuer?.Dispose();
        if (_requester.IsValueCreated)
            _requester.Value.Dispose();
    }

    private static bool IsLocal(string name) => CertificateName.TryParse(name, out var parsed, out _) && LocalNames.Contains(parsed);

    // The same as long as its settings are; what an old one has under way it finishes.
    private AcmeIssuer Issuer(AcmeConfig acme)
    {
        if (_issuer is not null && acme == _acme)
            return _issuer;
        var solvers = new List<IChallengeSolver>();
        if (acme.Challenge is "auto" or "tls-alpn-01")
            solvers.Add(_tls);
        if (acme.Challenge is "auto" or "http-01")
            solvers.Add(Http);
        if (acme.DnsHook is { } hook && acme.Challenge is ("auto" or "dns-01"))
            solvers.Add(new DnsHookChallenges(hook.Value));
        _issuer = new AcmeIssuer(_state, acme.ToSettings(), solvers);
        _acme = acme;
        return _issuer;
    }

    private async Task<bool> AskAsync(string ask, string name, CancellationToken cancellation)
    {
        var separator = ask.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var response = await _requester.Value.GetAsync(Url.Parse($"{ask}{separator}domain={name}"), cancellation);
        return response.Status == 200;
    }
}
