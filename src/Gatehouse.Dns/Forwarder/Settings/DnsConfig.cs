using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Forwarder.Settings;

/// <summary>A name server that forwards: <c>dns</c> in the configuration.</summary>
public sealed record DnsConfig : ICheckedSettings
{
    /// <summary>Networks that are this machine's or somebody's own: who may ask unless said otherwise.</summary>
    public static IReadOnlyList<IpPrefix> OwnNetworks { get; } =
    [
        IpPrefix.Parse("127.0.0.0/8"), IpPrefix.Parse("::1"), IpPrefix.Parse("10.0.0.0/8"), IpPrefix.Parse("172.16.0.0/12"), IpPrefix.Parse("192.168.0.0/16"),
        IpPrefix.Parse("100.64.0.0/10"), IpPrefix.Parse("169.254.0.0/16"), IpPrefix.Parse("fc00::/7"), IpPrefix.Parse("fe80::/10"),
    ];

    /// <summary>Where it listens.</summary>
    [Setting("Where to listen: ADDRESS:PORT for UDP and TCP, tls:// in front for DNS over TLS with the sites' certificates, dnscrypt:// for DNSCrypt over UDP and TCP")]
    public IReadOnlyList<DnsListenAddress> Listen { get; init; } = [];

    /// <summary>The servers that are asked.</summary>
    [Setting("Servers that are asked, the fastest of those that answer: ADDRESS[:PORT], tcp://, tls://, https:// or sdns://")]
    public required IReadOnlyList<UpstreamServer> Upstream { get; init; }

    /// <summary>Servers for some domains.</summary>
    [Setting("Servers of their own for some domains and what is below; the longest domain wins")]
    public IReadOnlyList<DnsSplitConfig> Split { get; init; } = [];

    /// <summary>How answers are kept.</summary>
    [Setting("How answers are kept")]
    public DnsCacheConfig Cache { get; init; } = new();

    /// <summary>Names that are answered here.</summary>
    [Setting("Names that are answered here, with their addresses; *.NAME is all that is below it; none says that a name has no address")]
    public IReadOnlyDictionary<string, IReadOnlyList<IpAddress>> Local { get; init; } = new Dictionary<string, IReadOnlyList<IpAddress>>();

    /// <summary>Files of names that are answered here.</summary>
    [Setting("Files like /etc/hosts whose names are answered here, read again when they change")]
    public IReadOnlyList<FilePath> Hosts { get; init; } = [];

    /// <summary>Names that are not answered.</summary>
    [Setting("Names that are refused")]
    public DnsBlockConfig Block { get; init; } = new();

    /// <summary>Who may ask.</summary>
    [Setting("Address prefixes of those who may ask; by default this machine and the networks that are nobody's on the Internet")]
    public IReadOnlyList<IpPrefix> Allow { get; init; } = OwnNetworks;

    /// <summary>How much may be asked.</summary>
    [Setting("How much may be asked, and wait")]
    public DnsLimitsConfig Limits { get; init; } = new();

    /// <summary>How long a query may take.</summary>
    [Setting("How long all servers together may take for an answer")]
    [Bounds("100ms", "1m")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How DNSCrypt is served.</summary>
    [Setting("How DNSCrypt is served")]
    public DnsCryptConfig Dnscrypt { get; init; } = new();

    /// <summary>Where queries are logged; null for no log.</summary>
    [Setting("File that each query is logged to, opened anew on SIGUSR1; none when not given")]
    public FilePath? Log { get; init; }

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (Upstream.Count is 0 or > 16)
            faults.Report("upstream", $"found {Upstream.Count} servers, expected 1 to 16");
        for (var i = 0; i < Listen.Count; i++)
        {
            if (Listen[i].Endpoint.Port != 0 && Listen.Take(i).Any(other => other.Endpoint == Listen[i].Endpoint))
                faults.Report($"listen.{i}", $"found {Listen[i].Endpoint} a second time, expected each address once");
        }

        foreach (var name in Local.Keys)
            CheckName(faults, $"local.{name}", name);
        for (var i = 0; i < Block.Domains.Count; i++)
            CheckName(faults, $"block.domains.{i}", Block.Domains[i]);
        for (var i = 0; i < Block.Except.Count; i++)
            CheckName(faults, $"block.except.{i}", Block.Except[i]);
        for (var i = 0; i < Split.Count; i++)
        {
            for (var j = 0; j < Split[i].Domains.Count; j++)
                CheckName(faults, $"split.{i}.domains.{j}", Split[i].Domains[j]);
            if (Split[i].Upstream.Count is 0 or > 16)
                faults.Report($"split.{i}.upstream", $"found {Split[i].Upstream.Count} servers, expected 1 to 16");
        }

        if (Dnscrypt.Provider is { } provider)
            CheckName(faults, "dnscrypt.provider", provider);
        if (Cache.MinTtl > Cache.MaxTtl)
            faults.Report("cache.min-ttl", "found a longer time than that of max-ttl, expected at most that");
    }

    private static void CheckName(IFaultSink faults, string setting, string text)
    {
        if (!DnsName.TryParse(Names.NameRules.TrimStar(text), out _, out var fault))
            faults.Report(setting, $"found '{text}', {fault}");
    }
}
