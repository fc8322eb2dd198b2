using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Limits;

/// <summary>Bounds on what a request may send. Those on the head hold besides the server's own, that on the body in its place.</summary>
public sealed record LimitsConfig
{
    /// <summary>Bytes of the body; null for the server's.</summary>
    [Setting("Size of a request's body, in the place of the server's 30,000,000 bytes")]
    [Bounds("0", "1024GB")]
    public ByteSize? Body { get; init; }

    /// <summary>Bytes of the header fields; null for the server's.</summary>
    [Setting("Size of a request's header fields; the server's own limit on the head comes first")]
    [Bounds("256", "1MB")]
    public ByteSize? Head { get; init; }

    /// <summary>Number of header fields; null for the server's.</summary>
    [Setting("Number of header fields; the server's own limit comes first")]
    [Bounds(1, 10_000)]
    public int? Fields { get; init; }
}
