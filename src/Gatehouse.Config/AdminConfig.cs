using Gatehouse.Http.Settings;

namespace Gatehouse.Config;

/// <summary>Where the dashboard and the metrics are served.</summary>
public sealed record AdminConfig
{
    /// <summary>The addresses; best of this machine alone.</summary>
    [Setting("Addresses of the dashboard and the metrics")]
    [Shorthand]
    public required IReadOnlyList<ListenAddress> Listen { get; init; }
}
