using Gatehouse.Http.Settings;

namespace Gatehouse.Upstreams;

/// <summary>One target as the configuration writes it.</summary>
public sealed record TargetConfig
{
    /// <summary>Where it listens.</summary>
    [Setting("ADDRESS:PORT, unix:PATH or HOST:PORT, with https:// in front for TLS; srv://NAME follows the SRV records of a name. Names are asked for again at their time to live")]
    [Shorthand]
    public required TargetAddress Address { get; init; }

    /// <summary>Its share relative to the others.</summary>
    [Setting("Share of the requests relative to the other targets")]
    [Bounds(1, 100)]
    public int Weight { get; init; } = 1;
}
