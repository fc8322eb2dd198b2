namespace Gatehouse.Http.Content;

/// <summary>
/// Makes encoders. Each flushes at the end of every call, so that what has been given to it can be decoded by the client at once: server-sent events pass
/// through. An encoder serves one body and is disposed of after it.
/// </summary>
public static class ContentEncoder
{
    /// <summary>An encoder at a level that suits answers made on the spot.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The coding is identity.</exception>
    public static IBodyTransform Create(ContentCoding coding) => coding switch
    {
        ContentCoding.Gzip or ContentCoding.Deflate => new ZlibEncoder(coding),
        ContentCoding.Brotli => new BrotliBodyEncoder(),
        ContentCoding.Zstandard => new ZstdEncoder(),
        _ => throw new ArgumentOutOfRangeException(nameof(coding), coding, "Expected a coding other than identity."),
    };
}
