using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http1;

/// <summary>
/// Writes the parts of heads and of chunked bodies (RFC 9112). Each method appends to the destination at offset <c>at</c> and moves it; when the part does
/// not fit it returns false, and nothing counts as written. Bytes given are not checked: names, values, methods and targets come from a parser or from a
/// list that checks them.
/// </summary>
/// <example>
/// <code>Http1Writer.TryStatusLine(to, ref at, 200) &amp;&amp; Http1Writer.TryField(to, ref at, field) &amp;&amp; Http1Writer.TryEnd(to, ref at)</code>
/// </example>
public static class Http1Writer
{
    private const int FirstStatus = 100;

    // Every status line from 100 to 599, made once: 25 KB that are touched only where used.
    private static readonly byte[][] StatusLines = BuildStatusLines();

    /// <summary>The last chunk of a body without trailers: 0 CRLF CRLF.</summary>
    public static ReadOnlySpan<byte> LastChunk => "0\r\n\r\n"u8;

    /// <summary>The last chunk of a body, to be followed by trailer fields and <see cref="TryEnd"/>.</summary>
    public static ReadOnlySpan<byte> LastChunkHead => "0\r\n"u8;

    /// <summary>What stands behind the data of each chunk, and ends a head.</summary>
    public static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>
    /// status-line = HTTP-version SP status-code SP [ reason-phrase ] CRLF, with HTTP/1.1; the phrase is empty for a code that is not registered.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is not 100 to 599 (RFC 9110 section 15).</exception>
    public static bool TryStatusLine(Span<byte> destination, ref int at, int status)
    {
        var index = (uint)(status - FirstStatus);
        if (index >= (uint)StatusLines.Length)
            throw new ArgumentOutOfRangeException(nameof(status), status, "A status code is 100 to 599 (RFC 9110 section 15).");
        return TryBytes(destination, ref at, StatusLines[index]);
    }

    /// <summary>request-line = method SP request-target SP HTTP-version CRLF, with HTTP/1.1.</summary>
    public static bool TryRequestLine(Span<byte> destination, ref int at, ReadOnlySpan<byte> method, ReadOnlySpan<byte> target)
    {
        var version = " HTTP/1.1\r\n"u8;
        var length = method.Length + 1 + target.Length + version.Length;
        if (destination.Length - at < length)
            return false;
        var line = destination.Slice(at, length);
        method.CopyTo(line);
        line[method.Length] = (byte)' ';
        target.CopyTo(line[(method.Length + 1)..]);
        version.CopyTo(line[(method.Length + 1 + target.Length)..]);
        at += length;
        return true;
    }

    /// <summary>field-line CRLF, as name, colon, one SP, value.</summary>
    public static bool TryField(Span<byte> destination, ref int at, HeaderField field) => TryField(destination, ref at, field.Name, field.Value);

    /// <summary>field-line CRLF with the customary spelling of a known name.</summary>
    public static bool TryField(Span<byte> destination, ref int at, KnownHeader name, ReadOnlySpan<byte> value) =>
        TryField(destination, ref at, KnownHeaders.Name(name), value);

    /// <summary>field-line CRLF, as name, colon, one SP, value.</summary>
    public static bool TryField(Span<byte> destination, ref int at, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var length = name.Length + value.Length + 4;
        if (destination.Length - at < length)
            return false;
        var line = destination.Slice(at, length);
        name.CopyTo(line);
        line[name.Length] = (byte)':';
        line[name.Length + 1] = (byte)' ';
        value.CopyTo(line[(name.Length + 2)..]);
        line[length - 2] = (byte)'\r';
        line[length - 1] = (byte)'\n';
        at += length;
        return true;
    }

    /// <summary>field-line CRLF with a decimal value, as Content-Length has it.</summary>
    public static bool TryField(Span<byte> destination, ref int at, KnownHeader name, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var length);
        return TryField(destination, ref at, KnownHeaders.Name(name), digits[..length]);
    }

    /// <summary>The empty line that ends a head or a trailer section.</summary>
    public static bool TryEnd(Span<byte> destination, ref int at) => TryBytes(destination, ref at, LineEnd);

    /// <summary>
    /// The head of a chunk of <paramref name="size"/> bytes: chunk-size CRLF (RFC 9112 section 7.1). The data and <see cref="LineEnd"/> follow.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is not positive: an empty chunk would end the body.</exception>
    public static bool TryChunkHead(Span<byte> destination, ref int at, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (!Utf8Formatter.TryFormat((uint)size, destination[at..], out var digits, 'x') || destination.Length - at - digits < 2)
            return false;
        destination[at + digits] = (byte)'\r';
        destination[at + digits + 1] = (byte)'\n';
        at += digits + 2;
        return true;
    }

    /// <summary>Bytes as they are: a part that was made beforehand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryBytes(Span<byte> destination, ref int at, ReadOnlySpan<byte> bytes)
    {
        if (!bytes.TryCopyTo(destination[at..]))
            return false;
        at += bytes.Length;
        return true;
    }

    private static byte[][] BuildStatusLines()
    {
        var lines = new byte[500][];
        for (var i = 0; i < lines.Length; i++)
        {
            var status = i + FirstStatus;
            var reason = StatusCodes.Reason(status);
            lines[i] = [.. "HTTP/1.1 "u8, Digit(status / 100), Digit(status / 10 % 10), Digit(status % 10), (byte)' ', .. reason, .. LineEnd];
        }
        return lines;

        static byte Digit(int value) => (byte)('0' + value);
    }
}
