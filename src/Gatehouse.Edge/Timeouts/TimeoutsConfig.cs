using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Timeouts;

/// <summary>How long a request may take. A tunnel (WebSocket) has a limit of its own and is not held to these.</summary>
public sealed record TimeoutsConfig
{
    /// <summary>From the request's head to the beginning of its answer; null for no limit.</summary>
    [Setting("From the request's head to the beginning of the answer")]
    [Bounds("10ms", "1d")]
    public TimeSpan? Answer { get; init; }

    /// <summary>From the request's head to the end of its answer, the client's downloading included; null for no limit.</summary>
    [Setting("From the request's head to the end of the answer, however long the client takes to receive it")]
    [Bounds("10ms", "7d")]
    [Shorthand]
    public TimeSpan? Request { get; init; }

    /// <summary>Between two reads of the request's body; null for the server's.</summary>
    [Setting("Between two reads of the request's body")]
    [Bounds("10ms", "1d")]
    public TimeSpan? Body { get; init; }
}
