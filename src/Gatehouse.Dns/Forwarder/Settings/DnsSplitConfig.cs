using Gatehouse.Http.Settings;

namespace Gatehouse.Dns.Forwarder.Settings;

/// <summary>Servers for some domains.</summary>
public sealed record DnsSplitConfig
{
    /// <summary>The domains.</summary>
    [Setting("The domains; what is below them belongs to them")]
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>Their servers.</summary>
    [Setting("The servers that are asked for them")]
    public required IReadOnlyList<UpstreamServer> Upstream { get; init; }
}
