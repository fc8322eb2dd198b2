namespace Gatehouse.Protocols.Http2;

/// <summary>What a peer did wrong; the default value is no fault.</summary>
/// <param name="Code">What it is told.</param>
/// <param name="Reason">What was expected and found, for the log; null when there is no fault.</param>
/// <param name="IsStream">True when only the stream ends by it (RFC 9113 section 5.4.2), else the connection does (section 5.4.1).</param>
public readonly record struct Http2Fault(Http2ErrorCode Code, string? Reason, bool IsStream = false)
{
    /// <summary>True when there is none.</summary>
    public bool IsNone => Reason is null;

    /// <summary>A fault that ends the connection.</summary>
    public static Http2Fault OfConnection(Http2ErrorCode code, string reason) => new(code, reason);

    /// <summary>A fault that ends one stream.</summary>
    public static Http2Fault OfStream(Http2ErrorCode code, string reason) => new(code, reason, IsStream: true);
}
