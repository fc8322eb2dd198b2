using System.Buffers.Text;

namespace Gatehouse.Http.Conditional;

/// <summary>Writes Content-Range (RFC 9110 section 14.4).</summary>
public static class ContentRange
{
    /// <summary>The longest value: <c>bytes </c> and three numbers.</summary>
    public const int MaxLength = 6 + 19 + 1 + 19 + 1 + 19;

    /// <summary>
    /// Writes <c>bytes first-last/length</c>; returns how many bytes were written. <paramref name="destination"/> has room for <see cref="MaxLength"/>.
    /// </summary>
    public static int Format(ByteRange range, long length, Span<byte> destination)
    {
        "bytes "u8.CopyTo(destination);
        var at = 6;
        at += Digits(range.First, destination[at..]);
        destination[at++] = (byte)'-';
        at += Digits(range.Last, destination[at..]);
        destination[at++] = (byte)'/';
        return at + Digits(length, destination[at..]);
    }

    /// <summary>Writes <c>bytes */length</c>, the value of a 416; returns how many bytes were written.</summary>
    public static int FormatUnsatisfied(long length, Span<byte> destination)
    {
        "bytes */"u8.CopyTo(destination);
        return 8 + Digits(length, destination[8..]);
    }

    internal static int Digits(long value, Span<byte> destination)
    {
        Utf8Formatter.TryFormat(value, destination, out var written);
        return written;
    }
}
