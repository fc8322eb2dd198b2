using System.Buffers;

namespace Gatehouse.Http.Urls;

/// <summary>
/// Percent-encoding and the lenient percent-decoding of the WHATWG URL standard, section 1.3. (The strict decoding of request paths is
/// <see cref="UrlPath"/>.)
/// </summary>
public static class PercentEncoding
{
    /// <summary>Writes <paramref name="bytes"/> with each byte in <paramref name="set"/> as %XX, digits in upper case.</summary>
    public static void Encode(ReadOnlySpan<byte> bytes, PercentEncodeSet set, IBufferWriter<byte> output)
    {
        while (!bytes.IsEmpty)
        {
            var kept = bytes.IndexOfAnyExcept(set.Kept);
            if (kept < 0)
                kept = bytes.Length;
            output.Write(bytes[..kept]);
            if (kept == bytes.Length)
                return;
            WriteEscape(bytes[kept], output.GetSpan(3));
            output.Advance(3);
            bytes = bytes[(kept + 1)..];
        }
    }

    /// <summary>As <see cref="Encode"/>, into a span; false when it is too short (three times the length always is enough).</summary>
    public static bool TryEncode(ReadOnlySpan<byte> bytes, PercentEncodeSet set, Span<byte> destination, out int written)
    {
        written = 0;
        var length = 0;
        foreach (var value in bytes)
        {
            var size = set.Contains(value) ? 3 : 1;
            if (destination.Length - length < size)
                return false;
            if (size == 1)
                destination[length] = value;
            else
                WriteEscape(value, destination[length..]);
            length += size;
        }
        written = length;
        return true;
    }

    /// <summary>
    /// Decodes each %XX; a percent sign without two hexadecimal digits behind it stays as it is. May decode in place.
    /// </summary>
    /// <param name="bytes">What to decode.</param>
    /// <param name="destination">At least as long; the same memory as <paramref name="bytes"/> is allowed.</param>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <paramref name="bytes"/>.</exception>
    public static int Decode(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        if (destination.Length < bytes.Length)
            throw new ArgumentException($"Decoding {bytes.Length} bytes takes as many, the destination has {destination.Length}.", nameof(destination));
        var length = 0;
        while (true)
        {
            var percent = bytes.IndexOf((byte)'%');
            var plain = percent < 0 ? bytes : bytes[..percent];
            plain.CopyTo(destination[length..]);
            length += plain.Length;
            if (percent < 0)
                return length;
            var isEscape = TryReadEscape(bytes[percent..], out var value);
            destination[length++] = isEscape ? value : (byte)'%';
            bytes = bytes[(percent + (isEscape ? 3 : 1))..];
        }
    }

    /// <summary>Reads pct-encoded = "%" HEXDIG HEXDIG (RFC 3986 section 2.1) at the start of <paramref name="bytes"/>.</summary>
    internal static bool TryReadEscape(ReadOnlySpan<byte> bytes, out byte value)
    {
        value = 0;
        if (bytes.Length < 3 || bytes[0] != '%' || !char.IsAsciiHexDigit((char)bytes[1]) || !char.IsAsciiHexDigit((char)bytes[2]))
            return false;
        value = (byte)((HexValue(bytes[1]) << 4) | HexValue(bytes[2]));
        return true;
    }

    /// <summary>Writes %XX, three bytes.</summary>
    internal static void WriteEscape(byte value, Span<byte> destination)
    {
        var digits = "0123456789ABCDEF"u8;
        destination[0] = (byte)'%';
        destination[1] = digits[value >> 4];
        destination[2] = digits[value & 15];
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
