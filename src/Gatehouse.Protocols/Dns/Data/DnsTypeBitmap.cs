namespace Gatehouse.Protocols.Dns.Data;

/// <summary>Sets of types as NSEC, NSEC3 and CSYNC have them (RFC 4034 section 4.1.2).</summary>
public static class DnsTypeBitmap
{
    /// <summary>True when a type is in the set; a malformed rest holds none.</summary>
    public static bool Contains(ReadOnlySpan<byte> bitmap, DnsType type)
    {
        while (bitmap.Length >= 2 && bitmap.Length >= 2 + bitmap[1])
        {
            if (bitmap[0] == (int)type >> 8)
                return ((int)type & 0xFF) >> 3 is var index && index < bitmap[1] && (bitmap[2 + index] & (0x80 >> ((int)type & 7))) != 0;
            bitmap = bitmap[(2 + bitmap[1])..];
        }
        return false;
    }

    /// <summary>The types of a set, in ascending order.</summary>
    public static IReadOnlyList<DnsType> Read(ReadOnlySpan<byte> bitmap)
    {
        var types = new List<DnsType>();
        while (bitmap.Length >= 2 && bitmap.Length >= 2 + bitmap[1])
        {
            for (var bit = 0; bit < bitmap[1] * 8; bit++)
            {
                if ((bitmap[2 + (bit >> 3)] & (0x80 >> (bit & 7))) != 0)
                    types.Add((DnsType)((bitmap[0] << 8) | bit));
            }
            bitmap = bitmap[(2 + bitmap[1])..];
        }
        return types;
    }

    /// <summary>The set of these types.</summary>
    public static byte[] Write(IEnumerable<DnsType> types)
    {
        var windows = new SortedDictionary<int, byte[]>();
        foreach (var type in types)
        {
            var window = (int)type >> 8;
            if (!windows.TryGetValue(window, out var bits))
                windows[window] = bits = new byte[32];
            bits[((int)type & 0xFF) >> 3] |= (byte)(0x80 >> ((int)type & 7));
        }
        var bytes = new List<byte>();
        foreach (var (window, bits) in windows)
        {
            var length = bits.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
            bytes.AddRange([(byte)window, (byte)length, .. bits.AsSpan(0, length)]);
        }
        return [.. bytes];
    }
}
