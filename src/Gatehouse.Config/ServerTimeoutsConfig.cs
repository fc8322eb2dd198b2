using Gatehouse.Http.Settings;

namespace Gatehouse.Config;

/// <summary>How long the server waits for its clients.</summary>
public sealed record ServerTimeoutsConfig
{
    /// <summary>From the first byte of a request to the end of its head. Kestrel waits 30 s, nginx 60 s.</summary>
    [Setting("From the first byte of a request to the end of its head")]
    [Bounds("100ms", "1h")]
    public TimeSpan Head { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two reads of a request's body; nginx waits 60 s.</summary>
    [Setting("Between two reads of a request's body")]
    [Bounds("100ms", "1h")]
    public TimeSpan Body { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two writes of an answer that the client does not take; nginx waits 60 s.</summary>
    [Setting("Between two writes of an answer that the client does not take")]
    [Bounds("100ms", "1h")]
    public TimeSpan Write { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For the next request on a connection; nginx waits 75 s.</summary>
    [Setting("For the next request on a connection")]
    [Bounds("100ms", "1d")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>For a TLS handshake or a PROXY header; Kestrel waits 10 s.</summary>
    [Setting("For a TLS handshake or a PROXY header")]
    [Bounds("100ms", "1h")]
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);
}
