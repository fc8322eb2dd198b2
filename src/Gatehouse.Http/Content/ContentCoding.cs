namespace Gatehouse.Http.Content;

/// <summary>A content coding (RFC 9110 section 8.4.1).</summary>
public enum ContentCoding : byte
{
    /// <summary>No coding.</summary>
    Identity,

    /// <summary>gzip (RFC 1952).</summary>
    Gzip,

    /// <summary>deflate: the zlib format (RFC 1950).</summary>
    Deflate,

    /// <summary>br (RFC 7932).</summary>
    Brotli,

    /// <summary>zstd (RFC 8878).</summary>
    Zstandard,
}
