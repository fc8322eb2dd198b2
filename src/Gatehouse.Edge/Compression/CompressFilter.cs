using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Conditional;
using Gatehouse.Http.Content;
using Gatehouse.Http.Negotiation;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Compression;

/// <summary>
/// Decides by the answer's head whether its body is compressed. One that could be says so in Vary whatever becomes of it, so that a cache keeps the forms
/// apart. A HEAD gets the head that its GET would get. Shared by all exchanges.
/// </summary>
public sealed class CompressFilter : IResponseFilter
{
    private readonly byte[][] _types;
    private readonly long _minLength;
    private readonly ContentCoding[] _codings;

    /// <summary>A filter by these settings.</summary>
    public CompressFilter(CompressConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        _types = [.. config.Types.Select(Encoding.ASCII.GetBytes)];
        _minLength = config.MinLength.Bytes;
        _codings = [.. config.Algorithms.Select(Coding)];
    }

    /// <inheritdoc/>
    public IBodyTransform? OnResponse(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        var response = exchange.Response;
        if (response.Status == 304)
        {
            RepeatWeakTag(exchange);
            return null;
        }
        if (!IsEligible(exchange))
            return null;
        ResponseFields.AddVary(response.Headers, "Accept-Encoding"u8);
        AcceptEncoding.Parse(exchange.Request.Headers).TryChoose(_codings, out var coding);
        if (coding == ContentCoding.Identity)
            return null;
        response.Headers.Set(KnownHeader.ContentEncoding, ContentCodings.Name(coding));
        // Parts of the plain form are not parts of this one, which is made anew for each request.
        response.Headers.Remove(KnownHeader.AcceptRanges);
        response.ContentLength = -1;
        ResponseFields.WeakenTag(response.Headers);
        return exchange.Request.Method == Method.Head ? null : ContentEncoder.Create(coding);
    }

    private bool IsEligible(Exchange exchange)
    {
        var response = exchange.Response;
        var headers = response.Headers;
        // 205 and 204 have no content; 206 is a part of a form that the client already holds (its offsets count plain bytes).
        if (response.Status is < 200 or 204 or 205 or 206 || (response.ContentLength >= 0 && response.ContentLength < _minLength))
            return false;
        return headers.TryGet(KnownHeader.ContentType, out var type) && IsListed(type)
            && !headers.Contains(KnownHeader.ContentEncoding) && !headers.Contains(KnownHeader.ContentRange)
            // "no-transform" binds whoever passes the message on, whichever side says it (RFC 9111 sections 5.2.1.6 and 5.2.2.6).
            && !ResponseFields.Lists(headers, KnownHeader.CacheControl, "no-transform"u8)
            && !AsksNoTransform(exchange.Request.Headers)
            // Digests of the coded form (RFC 9530) would no longer hold.
            && !headers.TryGet("Content-Digest"u8, out _) && !headers.TryGet("Repr-Digest"u8, out _);
    }

    private bool IsListed(ReadOnlySpan<byte> contentType)
    {
        if (_types.Length == 0)
            return MediaTypes.IsCompressible(contentType);
        if (!MediaType.TryParse(contentType, out var type))
            return false;
        foreach (var listed in _types)
        {
            var isListed = listed.AsSpan().EndsWith("/*"u8) ? Ascii.EqualsIgnoreCase(listed.AsSpan(0, listed.Length - 2), type.Type) : type.Is(listed);
            if (isListed)
                return true;
        }
        return false;
    }

    private static bool AsksNoTransform(HeaderTable headers)
    {
        foreach (var member in new HeaderValues(headers, KnownHeader.CacheControl))
        {
            if (Ascii.EqualsIgnoreCase(member, "no-transform"u8))
                return true;
        }
        return false;
    }

    // The client's copy is a compressed one when it asks by the weak form of a tag that is strong here; the 304 then names the tag that the client knows, or a
    // cache could not tell which copy is meant (RFC 9111 section 4.3.4).
    private static void RepeatWeakTag(Exchange exchange)
    {
        var headers = exchange.Response.Headers;
        if (!headers.TryGet(KnownHeader.ETag, out var tag) || EntityTag.IsWeak(tag))
            return;
        foreach (var member in new HeaderValues(exchange.Request.Headers, KnownHeader.IfNoneMatch))
        {
            if (EntityTag.IsWeak(member) && EntityTag.WeakEquals(member, tag))
            {
                ResponseFields.AddVary(headers, "Accept-Encoding"u8);
                ResponseFields.WeakenTag(headers);
                return;
            }
        }
    }

    private static ContentCoding Coding(string name) =>
        ContentCodings.TryParse(Encoding.ASCII.GetBytes(name), out var coding) && coding != ContentCoding.Identity
            ? coding
            : throw new ArgumentException($"Expected zstd, br, gzip or deflate; found '{name}'.");
}
