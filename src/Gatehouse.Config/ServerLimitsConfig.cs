using Gatehouse.Http.Settings;

namespace Gatehouse.Config;

/// <summary>Bounds on what clients of the whole server may send and hold, before any site is known.</summary>
public sealed record ServerLimitsConfig
{
    /// <summary>Client connections open at once; a further one is closed as it comes.</summary>
    [Setting("Client connections open at once")]
    [Bounds(1, 10_000_000)]
    public int Connections { get; init; } = 100_000;

    /// <summary>Bytes of a request's head. nginx takes 4 × 8 KB, Kestrel 32 KB, HAProxy 16 KB.</summary>
    [Setting("Size of a request's head")]
    [Bounds("1KB", "1MB")]
    public ByteSize Head { get; init; } = ByteSize.KB(32);

    /// <summary>Bytes of a request target; RFC 9112 section 3 recommends at least 8,000.</summary>
    [Setting("Size of a request target")]
    [Bounds("256", "1MB")]
    public ByteSize Target { get; init; } = ByteSize.KB(8);

    /// <summary>Number of fields in a head; Kestrel, HAProxy and gunicorn take 100.</summary>
    [Setting("Number of header fields")]
    [Bounds(8, 10_000)]
    public int Fields { get; init; } = 100;

    /// <summary>Bytes of the trailer section of a chunked body.</summary>
    [Setting("Size of the fields behind a chunked body")]
    [Bounds("0", "1MB")]
    public ByteSize Trailers { get; init; } = ByteSize.KB(8);
}
