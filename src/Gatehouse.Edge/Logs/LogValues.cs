using System.Buffers.Text;
using System.Diagnostics;
using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Logs;

/// <summary>From a variable to its value in an exchange.</summary>
internal static class LogValues
{
    /// <summary>Writes the value of a segment's variable; false when it has none.</summary>
    public static bool Write(ref LogLine line, in LogSegment segment, in LogEntry entry)
    {
        var exchange = entry.Exchange;
        var request = exchange.Request;
        var notes = exchange.Notes;
        switch (segment.Variable)
        {
            case LogVariable.Client:
                return Address(ref line, request.Client);
            case LogVariable.ClientPort:
                return Positive(ref line, request.Client.Port);
            case LogVariable.Remote:
                return WholeEndpoint(ref line, exchange.RemoteEndpoint);
            case LogVariable.Local:
                return WholeEndpoint(ref line, exchange.LocalEndpoint);
            case LogVariable.User:
                return line.Text(notes.User);
            case LogVariable.Time:
                line.Raw(LogClock.Common(entry.Now));
                return true;
            case LogVariable.TimeIso:
                line.Raw(LogClock.Iso(entry.Now));
                line.Raw("."u8);
                Milliseconds(ref line, entry.Now.Millisecond);
                line.Raw("Z"u8);
                return true;
            case LogVariable.TimeUnix:
                line.Fraction((entry.Now - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond, entry.Now.Millisecond, 3);
                return true;
            case LogVariable.Request:
                line.Text(request.MethodName);
                line.Raw(" "u8);
                line.Text(request.Target);
                line.Raw(" "u8);
                line.Raw(Protocol(request.Version));
                return true;
            case LogVariable.Method:
                return line.Text(request.MethodName);
            case LogVariable.Scheme:
                line.Raw(request.IsSecure ? "https"u8 : "http"u8);
                return true;
            case LogVariable.Host:
                return line.Text(request.Host);
            case LogVariable.Target:
                return line.Text(request.Target);
            case LogVariable.Path:
                return line.Text(request.Path);
            case LogVariable.Query:
                return line.Text(request.Query);
            case LogVariable.Protocol:
                line.Raw(Protocol(request.Version));
                return true;
            case LogVariable.Status:
                line.Number(exchange.Response.Status);
                return true;
            case LogVariable.Bytes:
                line.Number(exchange.Response.BodyBytes);
                return true;
            case LogVariable.RequestBytes:
                return Positive(ref line, request.ContentLength);
            case LogVariable.Duration:
                line.Seconds(entry.Ticks);
                return true;
            case LogVariable.Referer:
                return RequestField(ref line, request, KnownHeader.Referer);
            case LogVariable.UserAgent:
                return RequestField(ref line, request, KnownHeader.UserAgent);
            case LogVariable.Encoding:
                return exchange.Response.Headers.TryGet(KnownHeader.ContentEncoding, out var coding) && line.Text(coding);
            case LogVariable.RequestId:
                return RequestIdentity.TryGet(exchange, out var identity) && line.Text(identity.Id);
            case LogVariable.TraceId:
                return RequestIdentity.TryGet(exchange, out identity) && line.Text(identity.TraceId);
            case LogVariable.SpanId:
                return RequestIdentity.TryGet(exchange, out identity) && line.Text(identity.SpanId);
            case LogVariable.Route:
                return line.Text(notes.Route);
            case LogVariable.Upstream:
                return line.Text(notes.Upstream);
            case LogVariable.UpstreamStatus:
                return Positive(ref line, notes.UpstreamStatus);
            case LogVariable.UpstreamTries:
                return Positive(ref line, notes.UpstreamTries);
            case LogVariable.UpstreamDuration:
                if (notes.UpstreamTicks <= 0)
                    return false;
                line.Seconds(notes.UpstreamTicks);
                return true;
            case >= LogVariable.TlsVersion and <= LogVariable.ClientFingerprint:
                return exchange.Tls is { } tls && line.Text(TlsValues.Of(tls, segment.Variable));
            case LogVariable.Failure:
                return line.Text(notes.Failure);
            case LogVariable.Header:
                return request.Headers.TryGet(segment.FieldName, out var value) && line.Text(value);
            case LogVariable.ResponseHeader:
                return exchange.Response.Headers.TryGet(segment.FieldName, out value) && line.Text(value);
            default:
                throw new UnreachableException($"{segment.Variable} has no value");
        }
    }

    private static bool RequestField(ref LogLine line, Request request, KnownHeader name) =>
        request.Headers.TryGet(name, out var value) && line.Text(value);

    private static bool Positive(ref LogLine line, long value)
    {
        if (value <= 0)
            return false;
        line.Number(value);
        return true;
    }

    private static bool Address(ref LogLine line, Endpoint endpoint)
    {
        Span<byte> text = stackalloc byte[IpAddress.MaxTextLength];
        if (endpoint.IsUnix)
        {
            line.Raw("unix:"u8);
            return true;
        }
        return !endpoint.Address.IsNone && endpoint.Address.TryFormat(text, out var written) && line.Text(text[..written]);
    }

    private static bool WholeEndpoint(ref LogLine line, Endpoint endpoint)
    {
        Span<byte> text = stackalloc byte[128];
        return (endpoint.IsUnix || !endpoint.Address.IsNone) && endpoint.TryFormat(text, out var written) && line.Text(text[..written]);
    }

    private static void Milliseconds(ref LogLine line, int milliseconds)
    {
        Span<byte> digits = stackalloc byte[3];
        Utf8Formatter.TryFormat(milliseconds, digits, out _, new System.Buffers.StandardFormat('D', 3));
        line.Raw(digits);
    }

    private static ReadOnlySpan<byte> Protocol(HttpVersion version) => version switch
    {
        HttpVersion.Http10 => "HTTP/1.0"u8,
        HttpVersion.Http2 => "HTTP/2.0"u8,
        _ => "HTTP/1.1"u8,
    };
}
