using System.Buffers;
using Gatehouse.Http;
using Gatehouse.Http.Client.Http2;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Proxy;

/// <summary>Writes the head of the request that goes on to a target of HTTP/2, by the same rules as <see cref="ProxyRequestHead"/> for one of HTTP/1.</summary>
internal static class Http2ProxyRequestHead
{
    /// <summary>Writes the head.</summary>
    /// <param name="stream">The request's stream.</param>
    /// <param name="exchange">The client's request.</param>
    /// <param name="rules">The route's rules.</param>
    /// <param name="target">The chosen target's authority, for <see cref="HostPolicy.Target"/>.</param>
    public static void Write(Http2ClientStream stream, Exchange exchange, ProxyRules rules, ReadOnlySpan<byte> target)
    {
        var request = exchange.Request;
        var headers = request.Headers;
        var scratch = ArrayPool<byte>.Shared.Rent(ScratchBound(exchange));
        try
        {
            var authority = rules.Host switch { HostPolicy.Keep => request.Authority, HostPolicy.Target => target, _ => rules.FixedHost };
            var bound = 512 + scratch.Length + authority.Length + (request.Authority.Length * 2) + request.MethodName.Length;
            for (var i = 0; i < headers.Count; i++)
                bound += headers[i].Name.Length + headers[i].Value.Length + Http2RequestHead.PartOverhead;
            var head = stream.BeginHead(request.Method, bound);
            head.Line(request.MethodName, isHttps: request.IsSecure, authority, Target(request, rules, scratch));
            WriteFields(ref head, request);
            WriteForwarded(ref head, exchange, rules, scratch);
            head.Field(KnownHeader.Via, request.Version == HttpVersion.Http10 ? "1.0 gatehouse"u8 : request.Version == HttpVersion.Http11 ? "1.1 gatehouse"u8 : "2 gatehouse"u8);
            // gRPC asks for it, and it is the one thing that TE may say here (RFC 9113 section 8.2.2).
            if (headers.TryGet(KnownHeader.TE, out var codings) && HeaderListReader.Contains(codings, "trailers"u8))
                head.Field(KnownHeader.TE, "trailers"u8);
            if (request.ContentLength > 0 || (request.ContentLength == 0 && headers.Contains(KnownHeader.ContentLength)))
                head.Number(KnownHeader.ContentLength, request.ContentLength);
            head.End(isLast: !request.HasBody);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    // A re-encoded path is at most three times the decoded one; the addresses in X-Forwarded-For are the client's words and one of ours.
    private static int ScratchBound(Exchange exchange)
    {
        var request = exchange.Request;
        var size = 64 + request.RawPath.Length + (request.Path.Length * 3) + request.Query.Length;
        for (var i = 0; i < request.Headers.Count; i++)
        {
            if (request.Headers[i].Known == KnownHeader.XForwardedFor)
                size += request.Headers[i].Value.Length + 2;
        }
        return size;
    }

    private static ReadOnlySpan<byte> Target(Request request, ProxyRules rules, Span<byte> scratch)
    {
        if (request.Method == Method.Options && request.RawPath is [(byte)'*'])
            return "*"u8;
        var strip = rules.StripFrom(request.Path);
        var isSpeltOut = ProxyRequestHead.IsSpeltOut(request);
        var path = isSpeltOut ? request.RawPath[ProxyRequestHead.SpeltLength(request.RawPath, strip)..] : request.Path[strip..];
        var at = 0;
        if (path.IsEmpty || path[0] != '/')
            scratch[at++] = (byte)'/';
        if (isSpeltOut)
        {
            path.CopyTo(scratch[at..]);
            at += path.Length;
        }
        else
        {
            UrlPath.TryEncode(path, scratch[at..], out var written);
            at += written;
        }
        if (!request.HasQuery)
            return scratch[..at];
        scratch[at++] = (byte)'?';
        request.Query.CopyTo(scratch[at..]);
        return scratch[..(at + request.Query.Length)];
    }

    private static void WriteFields(ref Http2RequestHead head, Request request)
    {
        var headers = request.Headers;
        var hasOptions = headers.TryGet(KnownHeader.Connection, out var options) && HopByHop.Nominates(options);
        var received = request.ReceivedHeaders;
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];
            var isOwn = i >= received;
            if (HopByHop.IsAlways(field.Known) || (!isOwn && ProxyRequestHead.IsRewritten(field.Known, request.IsViaTrustedProxy)))
                continue;
            if (!isOwn && hasOptions && HopByHop.IsNominated(options, field.Name))
                continue;
            head.Field(field);
        }
    }

    private static void WriteForwarded(ref Http2RequestHead head, Exchange exchange, ProxyRules rules, Span<byte> scratch)
    {
        var request = exchange.Request;
        if (!ProxyRequestHead.IsOwn(request, KnownHeader.XForwardedFor))
            head.Field(KnownHeader.XForwardedFor, ForwardedFor(exchange, scratch));
        if (!ProxyRequestHead.IsKept(request, KnownHeader.XForwardedProto))
            head.Field(KnownHeader.XForwardedProto, request.IsSecure ? "https"u8 : "http"u8);
        if (!ProxyRequestHead.IsKept(request, KnownHeader.XForwardedHost) && !request.Authority.IsEmpty)
            head.Field(KnownHeader.XForwardedHost, request.Authority);
        if (rules.StripFrom(request.Path) is var strip and > 0 && !ProxyRequestHead.IsKept(request, KnownHeader.XForwardedPrefix))
        {
            UrlPath.TryEncode(request.Path[..strip], scratch, out var written);
            head.Field(KnownHeader.XForwardedPrefix, scratch[..written]);
        }
    }

    private static ReadOnlySpan<byte> ForwardedFor(Exchange exchange, Span<byte> scratch)
    {
        var request = exchange.Request;
        var at = 0;
        for (var i = 0; i < request.Headers.Count && request.IsViaTrustedProxy; i++)
        {
            var field = request.Headers[i];
            if (field.Known != KnownHeader.XForwardedFor)
                continue;
            field.Value.CopyTo(scratch[at..]);
            at += field.Value.Length;
            ", "u8.CopyTo(scratch[at..]);
            at += 2;
        }
        var peer = exchange.RemoteEndpoint;
        int written;
        if (peer.IsUnix || peer.Address.IsNone)
        {
            "unix"u8.CopyTo(scratch[at..]);
            written = 4;
        }
        else
        {
            peer.Address.TryFormat(scratch[at..], out written);
        }
        return scratch[..(at + written)];
    }
}
