using System.Buffers.Text;

namespace Gatehouse.Http.Conditional;

/// <summary>
/// The frame of a multipart/byteranges body (RFC 9110 section 14.6): a head before each part and an end behind the last, whose total length is known
/// beforehand. The boundary is random, so that no content can hold it but by a chance of one in 2^64.
/// </summary>
public readonly struct MultipartRanges
{
    private const int BoundaryLength = 16;
    private readonly byte[] _contentType;
    private readonly long _length;
    private readonly ulong _boundary;

    /// <summary>The frame for parts of one representation.</summary>
    /// <param name="contentType">Content-Type of the representation; empty when it is not known.</param>
    /// <param name="length">Length of the whole representation in bytes.</param>
    /// <param name="random">Where the boundary comes from.</param>
    public MultipartRanges(byte[] contentType, long length, Random random)
    {
        _contentType = contentType;
        _length = length;
        Span<byte> bits = stackalloc byte[sizeof(ulong)];
        random.NextBytes(bits);
        _boundary = BitConverter.ToUInt64(bits);
    }

    /// <summary>Room that a part's head, the end, and the Content-Type value of the whole answer each fit in.</summary>
    public int MaxHeadLength => _contentType.Length + 128;

    /// <summary>Writes the Content-Type of the answer; returns how many bytes were written.</summary>
    public int WriteContentType(Span<byte> destination)
    {
        var start = "multipart/byteranges; boundary="u8;
        start.CopyTo(destination);
        return start.Length + WriteBoundary(destination[start.Length..]);
    }

    /// <summary>Writes the head of a part; returns how many bytes were written.</summary>
    /// <param name="range">The part that follows.</param>
    /// <param name="isFirst">True for the first part, which no line break precedes.</param>
    /// <param name="destination">Has room for <see cref="MaxHeadLength"/>.</param>
    public int WritePartHead(ByteRange range, bool isFirst, Span<byte> destination)
    {
        var at = Copy(isFirst ? "--"u8 : "\r\n--"u8, destination);
        at += WriteBoundary(destination[at..]);
        if (_contentType.Length > 0)
        {
            at += Copy("\r\nContent-Type: "u8, destination[at..]);
            at += Copy(_contentType, destination[at..]);
        }
        at += Copy("\r\nContent-Range: "u8, destination[at..]);
        at += ContentRange.Format(range, _length, destination[at..]);
        return at + Copy("\r\n\r\n"u8, destination[at..]);
    }

    /// <summary>Writes what follows the last part; returns how many bytes were written.</summary>
    public int WriteEnd(Span<byte> destination)
    {
        var at = Copy("\r\n--"u8, destination);
        at += WriteBoundary(destination[at..]);
        return at + Copy("--\r\n"u8, destination[at..]);
    }

    /// <summary>Length in bytes of the whole body with these parts.</summary>
    public long TotalLength(ReadOnlySpan<ByteRange> ranges)
    {
        var total = 0L;
        Span<byte> digits = stackalloc byte[ContentRange.MaxLength];
        foreach (var range in ranges)
        {
            total += 4 + BoundaryLength + (_contentType.Length > 0 ? 16 + _contentType.Length : 0) + 17 + ContentRange.Format(range, _length, digits) + 4;
            total += range.Length;
        }
        return total - 2 + 4 + BoundaryLength + 4;
    }

    private int WriteBoundary(Span<byte> destination)
    {
        Utf8Formatter.TryFormat(_boundary, destination, out var written, new System.Buffers.StandardFormat('x', BoundaryLength));
        return written;
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        text.CopyTo(destination);
        return text.Length;
    }
}
