namespace Gatehouse.Upstreams;

/// <summary>A group of targets as the configuration writes it. Two that are equal in every setting are one live <see cref="Upstream"/>.</summary>
public sealed record UpstreamConfig
{
    /// <summary>The targets.</summary>
    public required IReadOnlyList<TargetConfig> To { get; init; }

    /// <summary>The policy's name.</summary>
    public required string Balance { get; init; }

    /// <summary>The active health check; null for none.</summary>
    public HealthConfig? Health { get; init; }

    /// <summary>Time limits of its connections.</summary>
    public required UpstreamTimeoutsConfig Timeouts { get; init; }

    /// <summary>A text that is equal exactly when the settings are.</summary>
    internal string Identity => $"{string.Join(',', To)}|{Balance}|{Health}|{Timeouts}";
}
