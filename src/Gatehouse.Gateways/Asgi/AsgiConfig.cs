using Gatehouse.Gateways.Python;
using Gatehouse.Http.Settings;

namespace Gatehouse.Gateways.Asgi;

/// <summary>An ASGI application and its workers.</summary>
public sealed record AsgiConfig : PythonConfig
{
    /// <summary>Requests of one worker at a time.</summary>
    [Setting("Requests and WebSockets that one worker has under way at a time")]
    [Bounds(1, 4000)]
    public int Concurrency { get; init; } = 200;

    /// <summary>The longest message.</summary>
    [Setting("Bytes of the longest message that a WebSocket client may send; longer ones end it (1009)")]
    [Bounds("1KB", "64MB")]
    public ByteSize MaxMessage { get; init; } = ByteSize.MB(16);

    /// <summary>How long a WebSocket may be silent.</summary>
    [Setting("How long a WebSocket may be silent both ways")]
    [Bounds("1s", "7d")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromHours(1);
}
