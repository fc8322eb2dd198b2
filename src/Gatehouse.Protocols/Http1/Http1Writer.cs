using System.Buffers.Text;
using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http1;

/// <summary>
/// Writes the parts of heads and of chunked bodies (RFC 9112) to the start of a span, and answers how many bytes that took. The caller makes room first: when
/// a part does not fit, ArgumentException is thrown and the content of the span is not defined. The parts are not checked here: names, values, methods and targets come from
/// a parser, or from a list that checks what it is given.
/// </summary>
public static class Http1Writer
{
    private const int FirstStatus = 100;
    private const int LastStatus = 599;

    private static readonly byte[][] StatusLines = BuildStatusLines();

    /// <summary>What ends every line, and what stands behind the data of each chunk.</summary>
    public static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>The end of a chunked body without trailers: last-chunk and an empty trailer section.</summary>
    public static ReadOnlySpan<byte> LastChunk => "0\r\n\r\n"u8;

    /// <summary>last-chunk alone, to be followed by trailer fields and <see cref="LineEnd"/>.</summary>
    public static ReadOnlySpan<byte> LastChunkHead => "0\r\n"u8;

    /// <summary>Bytes that <see cref="WriteChunkHead"/> takes at most.</summary>
    public static int MaxChunkHead => 18;

    /// <summary>status-line = HTTP-version SP status-code SP [ reason-phrase ] CRLF, with HTTP/1.1; the phrase is empty for a code that is not registered.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is not 100 to 599 (RFC 9110 section 15).</exception>
    /// <exception cref="ArgumentException">The line does not fit.</exception>
    public static int WriteStatusLine(Span<byte> destination, int status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, FirstStatus);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, LastStatus);
        var line = StatusLines[status - FirstStatus];
        line.CopyTo(destination);
        return line.Length;
    }

    /// <summary>request-line = method SP request-target SP HTTP-version CRLF, with HTTP/1.1.</summary>
    /// <exception cref="ArgumentException">The line does not fit.</exception>
    public static int WriteRequestLine(Span<byte> destination, ReadOnlySpan<byte> method, ReadOnlySpan<byte> target)
    {
        var version = " HTTP/1.1\r\n"u8;
        CheckRoom(destination, method.Length + 1 + target.Length + version.Length);
        method.CopyTo(destination);
        var at = method.Length;
        destination[at++] = (byte)' ';
        target.CopyTo(destination[at..]);
        at += target.Length;
        version.CopyTo(destination[at..]);
        return at + version.Length;
    }

    /// <summary>field-line CRLF, as name, colon, one SP, value.</summary>
    /// <exception cref="ArgumentException">The line does not fit.</exception>
    public static int WriteField(Span<byte> destination, HeaderField field) => WriteField(destination, field.Name, field.Value);

    /// <summary>field-line CRLF with the customary spelling of a known name.</summary>
    /// <exception cref="ArgumentException">The line does not fit.</exception>
    public static int WriteField(Span<byte> destination, KnownHeader name, ReadOnlySpan<byte> value) => WriteField(destination, KnownHeaders.Name(name), value);

    /// <summary>field-line CRLF with a decimal value, such as Content-Length has.</summary>
    /// <exception cref="ArgumentException">The line does not fit.</exception>
    public static int WriteField(Span<byte> destination, KnownHeader name, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var length);
        return WriteField(destination, KnownHeaders.Name(name), digits[..length]);
    }

    /// <summary>field-line CRLF, as name, colon, one SP, value.</summary>
    /// <exception cref="ArgumentException">The line does not fit.</exception>
    public static int WriteField(Span<byte> destination, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        CheckRoom(destination, name.Length + value.Length + 4);
        name.CopyTo(destination);
        var at = name.Length;
        destination[at] = (byte)':';
        destination[at + 1] = (byte)' ';
        value.CopyTo(destination[(at + 2)..]);
        at += 2 + value.Length;
        destination[at] = (byte)'\r';
        destination[at + 1] = (byte)'\n';
        return at + 2;
    }

    /// <summary>The head of a chunk of <paramref name="size"/> bytes: chunk-size CRLF (RFC 9112 section 7.1). The data and <see cref="LineEnd"/> follow.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is not positive: an empty chunk would end the body.</exception>
    /// <exception cref="ArgumentException">The head does not fit.</exception>
    public static int WriteChunkHead(Span<byte> destination, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (!Utf8Formatter.TryFormat(size, destination, out var digits, 'x'))
            CheckRoom(destination, MaxChunkHead);
        LineEnd.CopyTo(destination[digits..]);
        return digits + 2;
    }

    private static void CheckRoom(Span<byte> destination, int needed)
    {
        if (destination.Length < needed)
            throw new ArgumentException($"The destination has {destination.Length} bytes; {needed} are needed.", nameof(destination));
    }

    private static byte[][] BuildStatusLines()
    {
        var lines = new byte[LastStatus - FirstStatus + 1][];
        for (var i = 0; i < lines.Length; i++)
            lines[i] = Encoding.ASCII.GetBytes($"HTTP/1.1 {i + FirstStatus} {StatusCodes.Reason(i + FirstStatus)}\r\n");
        return lines;
    }
}
