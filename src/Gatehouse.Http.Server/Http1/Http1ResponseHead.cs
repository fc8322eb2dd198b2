using System.Buffers.Text;
using Gatehouse.Net.Buffers;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Server.Http1;

/// <summary>Writes the head of an answer (RFC 9112 section 4) in one go into the connection's output.</summary>
internal static class Http1ResponseHead
{
    // Status line, Server, Date, the longest framing and Connection lines, and the blank line.
    private const int FixedPart = 320;

    /// <summary>Writes the head. <paramref name="framing"/> and <paramref name="connection"/> are complete field lines or empty.</summary>
    public static void Write(
        OutputBuffer output, Response response, DateHeader date, long now, long contentLength, ReadOnlySpan<byte> framing, ReadOnlySpan<byte> connection)
    {
        var headers = response.Headers;
        var destination = output.Reserve(FixedPart + headers.SizeBound);
        var at = 0;
        Http1Writer.TryStatusLine(destination, ref at, response.Status);
        if (!headers.Contains(KnownHeader.Server))
            at += Copy("Server: gatehouse\r\n"u8, destination[at..]);
        if (!headers.Contains(KnownHeader.Date))
            at += Copy(date.Line(now), destination[at..]);
        at += WriteFields(headers, destination[at..]);
        if (contentLength >= 0)
        {
            at += Copy("Content-Length: "u8, destination[at..]);
            Utf8Formatter.TryFormat(contentLength, destination[at..], out var digits);
            at += digits;
            at += Copy("\r\n"u8, destination[at..]);
        }
        at += Copy(framing, destination[at..]);
        at += Copy(connection, destination[at..]);
        at += Copy("\r\n"u8, destination[at..]);
        output.Commit(at);
    }

    /// <summary>Writes an interim answer (1xx): status line, fields, blank line.</summary>
    public static void WriteInterim(OutputBuffer output, int status, HeaderList headers)
    {
        var destination = output.Reserve(FixedPart + headers.SizeBound);
        var at = 0;
        Http1Writer.TryStatusLine(destination, ref at, status);
        at += WriteFields(headers, destination[at..]);
        at += Copy("\r\n"u8, destination[at..]);
        output.Commit(at);
    }

    private static int WriteFields(HeaderList headers, Span<byte> destination)
    {
        var at = 0;
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];
            // Framing is the driver's own: a second word about it would let two readers see two messages.
            if (field.Known is KnownHeader.ContentLength or KnownHeader.TransferEncoding or KnownHeader.Connection)
                continue;
            at += Copy(field.Name, destination[at..]);
            destination[at++] = (byte)':';
            destination[at++] = (byte)' ';
            at += Copy(field.Value, destination[at..]);
            destination[at++] = (byte)'\r';
            destination[at++] = (byte)'\n';
        }
        return at;
    }

    private static int Copy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        source.CopyTo(destination);
        return source.Length;
    }
}
