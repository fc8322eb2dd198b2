namespace Gatehouse.Protocols.Http2.Hpack;

/// <summary>Integers of RFC 7541 section 5.1.</summary>
internal static class HpackInteger
{
    /// <summary>Bytes that an integer takes at most here.</summary>
    public const int MaxBytes = 6;

    /// <summary>
    /// Reads the integer whose first byte, at <paramref name="at"/>, holds <paramref name="bits"/> bits of it. False when the bytes end before it, or when it
    /// is beyond 2^28, which no length or index here is.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int bits, ref int at, out int value)
    {
        var most = (1 << bits) - 1;
        value = bytes[at++] & most;
        if (value < most)
            return true;
        for (var shift = 0; shift <= 21 && at < bytes.Length; shift += 7)
        {
            var next = bytes[at++];
            value += (next & 0x7F) << shift;
            if (next < 0x80)
                return true;
        }
        return false;
    }

    /// <summary>Writes an integer whose first byte has <paramref name="bits"/> bits for it, below the pattern <paramref name="first"/>. Returns its size.</summary>
    public static int Write(Span<byte> to, int bits, byte first, int value)
    {
        var most = (1 << bits) - 1;
        if (value < most)
        {
            to[0] = (byte)(first | value);
            return 1;
        }
        to[0] = (byte)(first | most);
        value -= most;
        var at = 1;
        for (; value >= 0x80; value >>= 7)
            to[at++] = (byte)(value | 0x80);
        to[at++] = (byte)value;
        return at;
    }
}
