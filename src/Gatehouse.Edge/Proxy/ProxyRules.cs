using Gatehouse.Edge.Relay;
using Gatehouse.Upstreams;

namespace Gatehouse.Edge.Proxy;

/// <summary>What the Host field of a forwarded request says.</summary>
public enum HostPolicy
{
    /// <summary>What the client asked for.</summary>
    Keep,

    /// <summary>The target's own address.</summary>
    Target,

    /// <summary>A fixed name.</summary>
    Fixed,
}

/// <summary>How one route's requests are forwarded: a snapshot made from its configuration.</summary>
internal sealed class ProxyRules
{
    /// <summary>The prefix of the path that is taken away, and told in X-Forwarded-Prefix; empty for none.</summary>
    public byte[] Strip { get; init; } = [];

    /// <summary>Bytes that are taken away from <paramref name="path"/>: 0 when it does not lie below the prefix.</summary>
    public int StripFrom(ReadOnlySpan<byte> path) =>
        path.StartsWith(Strip) && (path.Length == Strip.Length || path[Strip.Length] == '/') ? Strip.Length : 0;

    /// <summary>What Host says.</summary>
    public HostPolicy Host { get; init; }

    /// <summary>The name for <see cref="HostPolicy.Fixed"/>.</summary>
    public byte[] FixedHost { get; init; } = [];

    /// <summary>How a failed try is repeated.</summary>
    public RetryRules Retry { get; init; } = RetryRules.Default;

    /// <summary>How long a tunnel may be silent both ways.</summary>
    public TimeSpan TunnelIdle { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How bodies are collected so that a slow client does not hold a target.</summary>
    public Buffering Buffering { get; init; } = new();
}
