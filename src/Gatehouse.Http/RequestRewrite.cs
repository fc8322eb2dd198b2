namespace Gatehouse.Http;

/// <summary>The path and query that a request was given in the place of its own. Kept from request to request for its room.</summary>
internal sealed class RequestRewrite
{
    private byte[] _bytes = [];
    private int _rawLength;
    private int _pathLength;
    private int _queryLength;

    // The raw path first, the decoded one behind it, the query last.
    public ReadOnlySpan<byte> RawPath => _bytes.AsSpan(0, _rawLength);

    public ReadOnlySpan<byte> Path => _bytes.AsSpan(_rawLength, _pathLength);

    public ReadOnlySpan<byte> Query => _bytes.AsSpan(_rawLength + _pathLength, _queryLength);

    public bool IsPathChanged => !Path.SequenceEqual(RawPath);

    /// <summary>
    /// Takes a decoded path and a raw query, which may be parts of what it holds. False, with nothing changed, when one cannot stand in a target.
    /// </summary>
    public bool TrySet(ReadOnlySpan<byte> path, ReadOnlySpan<byte> query)
    {
        // What the parser takes for a target: %x21-7E without '#' (RFC 9112 section 3.2).
        if (path is not [(byte)'/', ..] || query.ContainsAnyExceptInRange((byte)'!', (byte)'~') || query.Contains((byte)'#'))
            return false;
        Span<byte> encoded = path.Length <= 340 ? stackalloc byte[1024] : new byte[path.Length * 3];
        Span<byte> decoded = path.Length <= 340 ? stackalloc byte[1024] : new byte[path.Length * 3];
        UrlPath.TryEncode(path, encoded, out var encodedLength);
        if (!UrlPath.TryNormalize(encoded[..encodedLength], decoded, out var decodedLength))
            return false;
        decoded = decoded[..decodedLength];
        UrlPath.TryEncode(decoded, encoded, out encodedLength);
        encoded = encoded[..encodedLength];
        var size = encodedLength + decodedLength + query.Length;
        var bytes = _bytes.Length >= size ? _bytes : new byte[Math.Max(size, 512)];
        // First the query, which may be a part of these bytes.
        query.CopyTo(bytes.AsSpan(encodedLength + decodedLength));
        encoded.CopyTo(bytes);
        decoded.CopyTo(bytes.AsSpan(encodedLength));
        (_bytes, _rawLength, _pathLength, _queryLength) = (bytes, encodedLength, decodedLength, query.Length);
        return true;
    }
}
