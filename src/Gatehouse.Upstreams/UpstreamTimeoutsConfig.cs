using Gatehouse.Http.Client;
using Gatehouse.Http.Settings;

namespace Gatehouse.Upstreams;

/// <summary>How long a target may take for each step, as the configuration writes it.</summary>
public sealed record UpstreamTimeoutsConfig
{
    /// <summary>To accept a connection.</summary>
    [Setting("To accept a connection")]
    [Bounds("1ms", "10m")]
    public TimeSpan Connect { get; init; } = ClientTimeouts.Default.Connect;

    /// <summary>From the end of the request to the head of the response.</summary>
    [Setting("From the end of the request to the head of the response")]
    [Bounds("1ms", "1d")]
    public TimeSpan FirstByte { get; init; } = ClientTimeouts.Default.FirstByte;

    /// <summary>Between two reads of the response, or two writes of the request.</summary>
    [Setting("Between two reads of the response, or two writes of the request")]
    [Bounds("1ms", "1d")]
    public TimeSpan Idle { get; init; } = ClientTimeouts.Default.Idle;

    /// <summary>How long an unused connection is kept.</summary>
    [Setting("How long an unused connection is kept")]
    [Bounds("1ms", "1d")]
    public TimeSpan KeepAlive { get; init; } = ClientTimeouts.Default.KeepAlive;

    /// <summary>The same for the client.</summary>
    internal ClientTimeouts ToClient() => new() { Connect = Connect, FirstByte = FirstByte, Idle = Idle, KeepAlive = KeepAlive };
}
