using Gatehouse.Protocols.ProxyProtocol;

namespace Gatehouse.Upstreams;

/// <summary>A group of targets as the configuration writes it. Two that are equal in every setting are one live <see cref="Upstream"/>.</summary>
public sealed record UpstreamConfig
{
    private static readonly IReadOnlyList<TargetConfig> NoTargets = [];

    /// <summary>The targets.</summary>
    public required IReadOnlyList<TargetConfig> To { get; init; }

    /// <summary>The policy's name.</summary>
    public required string Balance { get; init; }

    /// <summary>The active health check; null for none.</summary>
    public HealthConfig? Health { get; init; }

    /// <summary>What its connections speak.</summary>
    public UpstreamProtocol Protocol { get; init; } = UpstreamProtocol.Http;

    /// <summary>The header of the PROXY protocol that its connections begin with.</summary>
    public ProxyProtocolVersion ProxyProtocol { get; init; }

    /// <summary>Time limits of its connections.</summary>
    public required UpstreamTimeoutsConfig Timeouts { get; init; }

    /// <summary>How targets with TLS are spoken to.</summary>
    public UpstreamTlsConfig Tls { get; init; } = new();

    /// <summary>What the files of <see cref="Tls"/> were when this was made.</summary>
    public string TlsStamp { get; init; } = "";

    /// <summary>
    /// True when two are equal in every setting, the targets one by one. A record compares lists by reference, so the targets stand apart; the rest is left to
    /// the record's own comparison, which no later setting escapes.
    /// </summary>
    internal static bool AreEqual(UpstreamConfig one, UpstreamConfig other) =>
        one.To.SequenceEqual(other.To) && (one with { To = NoTargets }).Equals(other with { To = NoTargets });

    /// <summary>The same for configurations that <see cref="AreEqual"/>.</summary>
    internal static int HashOf(UpstreamConfig config)
    {
        var hash = new HashCode();
        foreach (var target in config.To)
            hash.Add(target);
        hash.Add(config with { To = NoTargets });
        return hash.ToHashCode();
    }
}
