namespace Gatehouse.Http.Client;

/// <summary>How long each step of a request may take.</summary>
public sealed record ClientTimeouts
{
    /// <summary>The defaults.</summary>
    public static ClientTimeouts Default { get; } = new();

    /// <summary>To make a connection; HAProxy's documentation recommends a few seconds, nginx has 60 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the end of the request to the head of the response; nginx has 60 s.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two reads, or two writes, of a body; nginx has 60 s.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an unused connection is kept; nginx has 60 s. Below the 75 s after which most servers close.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(55);
}
