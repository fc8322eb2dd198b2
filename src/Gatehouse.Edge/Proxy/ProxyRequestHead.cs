using System.Text;
using Gatehouse.Http;
using Gatehouse.Net.Buffers;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Proxy;

/// <summary>
/// Writes the head of the request that goes on to a target: the client's, without what belonged to its connection, and with what a gateway adds
/// (RFC 9110 section 7.6). Fields were validated when they were parsed; nothing else is written here but what this class makes itself.
/// </summary>
internal static class ProxyRequestHead
{
    /// <summary>Writes the head into <paramref name="output"/>.</summary>
    /// <param name="output">The connection's output.</param>
    /// <param name="exchange">The client's request.</param>
    /// <param name="rules">The route's rules.</param>
    /// <param name="target">The chosen target's authority, for <see cref="HostPolicy.Target"/>.</param>
    /// <param name="contentLength">Length of the body; 0 none, -1 chunked.</param>
    public static void Write(OutputBuffer output, Exchange exchange, ProxyRules rules, ReadOnlySpan<byte> target, long contentLength)
    {
        var request = exchange.Request;
        var writer = new HeadWriter(output, SizeBound(request, rules, target));
        writer.Append(request.MethodName);
        writer.Append((byte)' ');
        WriteTarget(ref writer, request, rules.StripFrom(request.Path));
        writer.Append(" HTTP/1.1\r\nHost: "u8);
        writer.Append(rules.Host switch { HostPolicy.Keep => request.Authority, HostPolicy.Target => target, _ => rules.FixedHost });
        writer.Append("\r\n"u8);
        WriteFields(ref writer, exchange);
        WriteForwarded(ref writer, exchange, rules);
        writer.Append("Via: "u8);
        writer.Append(request.Version == HttpVersion.Http10 ? "1.0"u8 : request.Version == HttpVersion.Http11 ? "1.1"u8 : "2"u8);
        writer.Append(" gatehouse\r\n"u8);
        if (request.AsksUpgrade)
            WriteUpgrade(ref writer, request);
        if (contentLength < 0)
            writer.Append("Transfer-Encoding: chunked\r\n"u8);
        else if (contentLength > 0 || request.Headers.Contains(KnownHeader.ContentLength))
            writer.AppendField("Content-Length: "u8, contentLength);
        writer.Append("\r\n"u8);
        writer.Commit();
    }

    private static int SizeBound(Request request, ProxyRules rules, ReadOnlySpan<byte> target)
    {
        var headers = request.Headers;
        // What the gateway adds: two addresses, two hosts, names and fixed text; and a re-encoded path, which is at most three times the decoded one.
        var size = 640 + request.MethodName.Length + request.RawPath.Length + (request.IsPathChanged ? request.Path.Length * 3 : 0) + request.Query.Length
            + (request.Authority.Length * 3) + target.Length + rules.FixedHost.Length + (rules.Strip.Length * 3);
        for (var i = 0; i < headers.Count; i++)
            size += headers[i].Name.Length + headers[i].Value.Length + 4;
        return size;
    }

    // The path goes on as the client spelt it, since %2F, %3B and the like may mean something of their own to the target, unless it had dot segments or empty
    // ones: then what was matched is what is asked for, or a route could be passed by.
    private static void WriteTarget(ref HeadWriter writer, Request request, int strip)
    {
        if (request.RawPath is [(byte)'*'])
        {
            writer.Append((byte)'*');
            return;
        }
        if (IsSpeltOut(request))
        {
            var path = request.RawPath[SpeltLength(request.RawPath, strip)..];
            if (path.IsEmpty || path[0] != '/')
                writer.Append((byte)'/');
            writer.Append(path);
        }
        else
        {
            writer.AppendEncodedPath(request.Path[strip..]);
        }
        if (!request.HasQuery)
            return;
        writer.Append((byte)'?');
        writer.Append(request.Query);
    }

    // True when decoding did nothing but replace each %XX by its byte. Bytes that a target must not hold (RFC 3986 section 2) do not go on raw.
    internal static bool IsSpeltOut(Request request) =>
        !request.IsPathChanged || (request.Path.Length + (2 * request.RawPath.Count((byte)'%')) == request.RawPath.Length && Ascii.IsValid(request.RawPath));

    internal static int SpeltLength(ReadOnlySpan<byte> raw, int decoded)
    {
        var at = 0;
        for (; decoded > 0; decoded--)
            at += raw[at] == '%' ? 3 : 1;
        return at;
    }

    private static void WriteFields(ref HeadWriter writer, Exchange exchange)
    {
        var request = exchange.Request;
        var headers = request.Headers;
        var hasOptions = headers.TryGet(KnownHeader.Connection, out var options) && HopByHop.Nominates(options);
        var received = request.ReceivedHeaders;
        for (var i = 0; i < received; i++)
        {
            var field = headers[i];
            if (HopByHop.IsAlways(field.Known) || IsRewritten(field.Known, request.IsViaTrustedProxy))
                continue;
            if (hasOptions && HopByHop.IsNominated(options, field.Name))
                continue;
            writer.AppendField(field);
        }
        // What the route's own rules set passes whatever the client nominates in Connection.
        for (var i = received; i < headers.Count; i++)
            writer.AppendField(headers[i]);
    }

    // Fields that are written anew. What an untrusted client claims about forwarding is dropped whole.
    internal static bool IsRewritten(KnownHeader known, bool isTrusted) => known switch
    {
        KnownHeader.Host or KnownHeader.ContentLength or KnownHeader.Expect or KnownHeader.XForwardedFor => true,
        KnownHeader.Forwarded or KnownHeader.XForwardedProto or KnownHeader.XForwardedHost or KnownHeader.XForwardedPort or KnownHeader.XForwardedPrefix or KnownHeader.XRealIp =>
            !isTrusted,
        _ => false,
    };

    private static void WriteForwarded(ref HeadWriter writer, Exchange exchange, ProxyRules rules)
    {
        var request = exchange.Request;
        if (!IsOwn(request, KnownHeader.XForwardedFor))
            WriteForwardedFor(ref writer, exchange);
        if (!IsKept(request, KnownHeader.XForwardedProto))
            writer.Append(request.IsSecure ? "X-Forwarded-Proto: https\r\n"u8 : "X-Forwarded-Proto: http\r\n"u8);
        if (!IsKept(request, KnownHeader.XForwardedHost) && !request.Authority.IsEmpty)
        {
            writer.Append("X-Forwarded-Host: "u8);
            writer.Append(request.Authority);
            writer.Append("\r\n"u8);
        }
        if (rules.StripFrom(request.Path) is var strip and > 0 && !IsKept(request, KnownHeader.XForwardedPrefix))
        {
            writer.Append("X-Forwarded-Prefix: "u8);
            writer.AppendEncodedPath(request.Path[..strip]);
            writer.Append("\r\n"u8);
        }
    }

    private static void WriteForwardedFor(ref HeadWriter writer, Exchange exchange)
    {
        var request = exchange.Request;
        var headers = request.Headers;
        writer.Append("X-Forwarded-For: "u8);
        for (var i = 0; i < headers.Count && request.IsViaTrustedProxy; i++)
        {
            if (headers[i].Known != KnownHeader.XForwardedFor)
                continue;
            writer.Append(headers[i].Value);
            writer.Append(", "u8);
        }
        var peer = exchange.RemoteEndpoint;
        if (peer.IsUnix || peer.Address.IsNone)
            writer.Append("unix"u8);
        else
            writer.Append(peer.Address);
        writer.Append("\r\n"u8);
    }

    // True when the request already has the field from whom is believed: a trusted proxy, or the route's own rules.
    internal static bool IsKept(Request request, KnownHeader known) => request.Headers.Contains(known) && (request.IsViaTrustedProxy || IsOwn(request, known));

    internal static bool IsOwn(Request request, KnownHeader known)
    {
        var headers = request.Headers;
        for (var i = request.ReceivedHeaders; i < headers.Count; i++)
        {
            if (headers[i].Known == known)
                return true;
        }
        return false;
    }

    private static void WriteUpgrade(ref HeadWriter writer, Request request)
    {
        if (!request.Headers.TryGet(KnownHeader.Upgrade, out var protocol))
            return;
        writer.Append("Connection: Upgrade\r\nUpgrade: "u8);
        writer.Append(protocol);
        writer.Append("\r\n"u8);
    }
}
