using Gatehouse.Config.Types;
using Gatehouse.Http.Settings;

namespace Gatehouse.Config;

/// <summary>What is served for some host names.</summary>
public sealed record SiteConfig
{
    /// <summary>The host names; none for the site of every name that no other site has.</summary>
    [Setting("Host names, exact or like *.example.com; without any, the site of every other name")]
    public IReadOnlyList<HostPattern> Hosts { get; init; } = [];

    /// <summary>Where the site's certificate comes from.</summary>
    [Setting("Where the site's certificate comes from")]
    public TlsConfig Tls { get; init; } = new();

    /// <summary>Whether requests without TLS are sent to the port that has it.</summary>
    [Setting("Send requests without TLS to the port that has it; auto for sites with a certificate or a name that is not this machine's alone")]
    public SiteSwitch HttpsRedirect { get; init; }

    /// <summary>Whether browsers are told to come over TLS only.</summary>
    [Setting("Tell browsers to come over TLS only (Strict-Transport-Security)")]
    public HstsConfig Hsts { get; init; } = new();

    /// <summary>The routes: the first whose match fits answers.</summary>
    [Setting("The routes; the first that matches answers")]
    public IReadOnlyList<RouteConfig> Routes { get; init; } = [];

    /// <summary>The wrappers of all its routes, in the order of the file.</summary>
    [OpenKeys(OpenKind.Wrapper)]
    public IReadOnlyList<FeatureUse> Wrappers { get; init; } = [];
}
