using Gatehouse.Config.Dns;
using Gatehouse.Config.Types;
using Gatehouse.Dns.Forwarder.Settings;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Config;

/// <summary>A whole configuration: what one server listens on, serves and trusts.</summary>
public sealed record ServerConfig : ICheckedSettings
{
    /// <summary>The version of the configuration's format.</summary>
    [Setting("Version of the configuration's format")]
    [Bounds(1, 1)]
    public int Version { get; init; } = 1;

    /// <summary>Files to join in; empty once they have been.</summary>
    [Setting("Files or patterns like sites/*.yaml to join in: their lists append, their mappings merge")]
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>The state folder; null for the default.</summary>
    [Setting("Folder for keys, certificates and the control socket; by default $GATEHOUSE_STATE, else the XDG state folder, else /var/lib/gatehouse")]
    public FilePath? State { get; init; }

    /// <summary>Where to listen for HTTP. A configuration with sites that does not say listens on <c>:8080</c>.</summary>
    [Setting("Where to listen for HTTP; :8080 when there are sites and nothing is said")]
    public IReadOnlyList<ListenAddress> Listen { get; init; } = [];

    /// <summary>The proxies whose Forwarded, X-Forwarded-* and PROXY are believed.</summary>
    [Setting("Address prefixes of the proxies whose Forwarded, X-Forwarded-* and PROXY are believed")]
    public IReadOnlyList<IpPrefix> Trust { get; init; } = [];

    /// <summary>Bounds on what clients may send and hold.</summary>
    [Setting("Bounds on what clients may send and hold")]
    public ServerLimitsConfig Limits { get; init; } = new();

    /// <summary>How long to wait for clients.</summary>
    [Setting("How long to wait for clients")]
    public ServerTimeoutsConfig Timeouts { get; init; } = new();

    /// <summary>TLS as all sites have it.</summary>
    [Setting("TLS as all sites have it")]
    public ServerTlsConfig Tls { get; init; } = new();

    /// <summary>Number of reactors (threads that carry connections).</summary>
    [Setting("Number of threads that carry connections; auto is one for each core")]
    public CountOrAuto Reactors { get; init; }

    /// <summary>How long a stopping server waits for requests under way.</summary>
    [Setting("How long a stopping server waits for the requests under way")]
    [Bounds("0", "1d")]
    public TimeSpan Shutdown { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The sites, each with its routes.</summary>
    [Setting("The sites, each for some host names, with its routes")]
    public IReadOnlyList<SiteConfig> Sites { get; init; } = [];

    /// <summary>The dashboard and metrics; null for none.</summary>
    [Setting("Where the dashboard and the metrics are served")]
    public AdminConfig? Admin { get; init; }

    /// <summary>Further sections, in the order of the file.</summary>
    [OpenKeys(OpenKind.Section)]
    public IReadOnlyList<SectionUse> Sections { get; init; } = [];

    /// <summary>The settings of the section of that type; null when the configuration has none.</summary>
    public TConfig? Section<TConfig>()
        where TConfig : class
    {
        foreach (var use in Sections)
        {
            if (use.Config is TConfig config)
                return config;
        }
        return null;
    }

    private void CheckNoNames(IFaultSink faults)
    {
        for (var i = 0; i < Sites.Count; i++)
        {
            for (var j = 0; j < Sites[i].Routes.Count; j++)
            {
                if (Sites[i].Routes[j].Handler.Config is DnsOverHttpsConfig { Enabled: true })
                    faults.Report($"sites.{i}.routes.{j}.dns-over-https", "found on and no 'dns' in the configuration, expected the name server that is to answer");
            }
        }
    }

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var endpoints = new HashSet<string>();
        for (var i = 0; i < Listen.Count; i++)
        {
            if (Listen[i].Endpoint is var endpoint && !(endpoint.Port == 0 && !endpoint.IsUnix) && !endpoints.Add(endpoint.ToString()))
                faults.Report($"listen.{i}", $"found {endpoint} a second time, expected each address once");
        }
        if (Section<DnsConfig>() is null)
            CheckNoNames(faults);
        var hosts = new Dictionary<string, int>();
        for (var i = 0; i < Sites.Count; i++)
        {
            if (Sites[i].Hosts.Count == 0 && !hosts.TryAdd("", i))
                faults.Report($"sites.{i}", $"found a second site without hosts, expected at most one; the first is number {hosts[""] + 1}");
            for (var j = 0; j < Sites[i].Hosts.Count; j++)
            {
                var host = Sites[i].Hosts[j].ToString();
                if (!hosts.TryAdd(host, i))
                    faults.Report($"sites.{i}.hosts.{j}", $"found '{host}' a second time, expected it once; the first is in site number {hosts[host] + 1}");
            }
        }
    }
}
