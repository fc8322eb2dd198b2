using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Logs;

/// <summary>Whether requests get an identifier and a place in a trace.</summary>
public sealed record RequestIdConfig
{
    /// <summary>Whether they do.</summary>
    [Setting("Give each request an identifier (X-Request-ID) and a place in a trace (traceparent), or take over those that a trusted proxy sends")]
    [Shorthand]
    public bool Enabled { get; init; } = true;
}
