namespace Gatehouse.Protocols.Http1;

/// <summary>What the HTTP/1.1 codec accepts at most, for requests and responses.</summary>
public sealed record Http1Limits
{
    /// <summary>The defaults.</summary>
    public static Http1Limits Default { get; } = new();

    /// <summary>Bytes of a head, start line included. nginx takes 4 × 8 KB, Kestrel 32 KB, HAProxy 16 KB.</summary>
    public int HeadBytes { get; init; } = 32 * 1024;

    /// <summary>Bytes of a request target; RFC 9112 section 3 recommends at least 8,000.</summary>
    public int TargetBytes { get; init; } = 8 * 1024;

    /// <summary>Number of fields in a head; Kestrel, HAProxy and gunicorn take 100.</summary>
    public int Fields { get; init; } = 100;

    /// <summary>Bytes of one chunk's extensions (RFC 9112 section 7.1.1 asks for a limit); 256 as in Go's net/http after CVE-2023-39326.</summary>
    public int ChunkExtensionBytes { get; init; } = 256;

    /// <summary>Bytes of the trailer section of a chunked body.</summary>
    public int TrailerBytes { get; init; } = 8 * 1024;
}
