using Gatehouse.Net.Buffers;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http2;
using Gatehouse.Protocols.Http2.Hpack;

namespace Gatehouse.Http.Server.Http2;

/// <summary>Writes field sections as HEADERS frames, with CONTINUATION frames where one is not enough, into the connection's output.</summary>
internal static class Http2ResponseHead
{
    // The frame's header, what the encoder says first, :status, Server, Date and Content-Length.
    private const int FixedPart = Http2Protocol.HeaderBytes + HpackEncoder.BeginBytes + 160;

    /// <summary>Writes the head of an answer.</summary>
    public static void Write(
        OutputBuffer output, HpackEncoder encoder, int stream, Response response, int status, DateHeader date, long now, long contentLength, bool isEnd)
    {
        var headers = response.Headers;
        var room = output.Reserve(FixedPart + SizeBound(headers));
        var at = Http2Protocol.HeaderBytes;
        at += encoder.Begin(room[at..]);
        at += HpackEncoder.Status(room[at..], status);
        if (!headers.Contains(KnownHeader.Server))
            at += encoder.Field(room[at..], KnownHeader.Server, "gatehouse"u8);
        if (!headers.Contains(KnownHeader.Date))
            at += encoder.Field(room[at..], KnownHeader.Date, date.Value(now));
        at += WriteFields(room[at..], encoder, headers, isSwitch: response.Status == 101);
        if (contentLength >= 0)
            at += HpackEncoder.Number(room[at..], KnownHeader.ContentLength, contentLength);
        Http2HeaderFrames.Commit(output, room, at, stream, isEnd);
    }

    /// <summary>Writes an interim answer.</summary>
    public static void WriteInterim(OutputBuffer output, HpackEncoder encoder, int stream, int status, HeaderList? headers)
    {
        var room = output.Reserve(FixedPart + (headers is null ? 0 : SizeBound(headers)));
        var at = Http2Protocol.HeaderBytes;
        at += encoder.Begin(room[at..]);
        at += HpackEncoder.Status(room[at..], status);
        if (headers is not null)
            at += WriteFields(room[at..], encoder, headers, isSwitch: false);
        Http2HeaderFrames.Commit(output, room, at, stream, isEnd: false);
    }

    /// <summary>Writes trailers, which end the stream.</summary>
    public static void WriteTrailers(OutputBuffer output, HpackEncoder encoder, int stream, HeaderList trailers)
    {
        var room = output.Reserve(FixedPart + SizeBound(trailers));
        var at = Http2Protocol.HeaderBytes;
        at += encoder.Begin(room[at..]);
        at += WriteFields(room[at..], encoder, trailers, isSwitch: false);
        Http2HeaderFrames.Commit(output, room, at, stream, isEnd: true);
    }

    private static int SizeBound(HeaderList headers) => headers.SizeBound + (headers.Count * HpackEncoder.FieldOverhead);

    private static int WriteFields(Span<byte> room, HpackEncoder encoder, HeaderList headers, bool isSwitch)
    {
        var at = 0;
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];
            // Framing is the driver's own, and what belongs to connections of HTTP/1 has no place here (RFC 9113 section 8.2.2).
            if (field.Known is KnownHeader.ContentLength or KnownHeader.TransferEncoding or KnownHeader.Connection or KnownHeader.KeepAlive
                    or KnownHeader.ProxyConnection or KnownHeader.Upgrade
                || (isSwitch && field.Known == KnownHeader.SecWebSocketAccept))
                continue;
            at += encoder.Field(room[at..], field);
        }
        return at;
    }
}
