namespace Gatehouse.Http;

/// <summary>The path of a request target: percent-decoding and resolving of segments, in one place for routing, files and proxying.</summary>
public static class UrlPath
{
    /// <summary>False for a path that <see cref="TryNormalize"/> would return unchanged: no percent sign, dot segment or empty segment.</summary>
    public static bool NeedsNormalizing(ReadOnlySpan<byte> raw) => throw new NotImplementedException();

    /// <summary>Decodes and resolves <paramref name="raw"/> into <paramref name="destination"/>, which is at least as long; false when it has no safe form.</summary>
    public static bool TryNormalize(ReadOnlySpan<byte> raw, Span<byte> destination, out int written) => throw new NotImplementedException();
}
