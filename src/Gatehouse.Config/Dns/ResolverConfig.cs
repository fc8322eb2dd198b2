using Gatehouse.Dns.Forwarder.Settings;
using Gatehouse.Http.Settings;

namespace Gatehouse.Config.Dns;

/// <summary>Who is asked for the names of upstreams.</summary>
public sealed record ResolverConfig
{
    /// <summary>The servers.</summary>
    [Setting("Servers that are asked for the names of upstreams, the fastest of those that answer: ADDRESS[:PORT], tcp://, tls://, https:// or sdns://; those of /etc/resolv.conf when not given")]
    [Shorthand]
    public IReadOnlyList<UpstreamServer> Servers { get; init; } = [];
}
