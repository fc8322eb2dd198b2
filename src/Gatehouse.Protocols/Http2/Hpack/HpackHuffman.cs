using System.Buffers.Binary;

namespace Gatehouse.Protocols.Http2.Hpack;

/// <summary>The Huffman code of RFC 7541 appendix B. It is canonical, so the lengths of its codes are all that has to be written down.</summary>
internal static class HpackHuffman
{
    /// <summary>What <see cref="Decode"/> answers for bytes that are no code, or padding that RFC 7541 section 5.2 forbids.</summary>
    public const int Invalid = -1;

    private const int EndOfString = 256;
    private const int LongestCode = 30;

    // Codes of up to nine bits, all of ASCII that is common, are decoded by one look-up; two in one when both fit would save little on values this short.
    private const int FastBits = 9;

    private static readonly byte[] Lengths =
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    private static readonly uint[] Codes = new uint[EndOfString + 1];

    // By the next nine bits: the symbol and, above it, the length of its code; 0 when the code is longer.
    private static readonly ushort[] Fast = new ushort[1 << FastBits];

    // For each length: the first code behind the last of that length, left-aligned in 32 bits, and what to subtract to find its symbol in the sorted list.
    private static readonly ulong[] Limits = new ulong[LongestCode + 1];
    private static readonly int[] Offsets = new int[LongestCode + 1];
    private static readonly ushort[] Sorted = new ushort[EndOfString + 1];

    static HpackHuffman()
    {
        var code = 0u;
        var index = 0;
        for (var length = 1; length <= LongestCode; length++)
        {
            code <<= 1;
            Offsets[length] = index - (int)code;
            for (var symbol = 0; symbol <= EndOfString; symbol++)
            {
                if (Lengths[symbol] != length)
                    continue;
                Sorted[index++] = (ushort)symbol;
                Codes[symbol] = code;
                if (length <= FastBits)
                    Array.Fill(Fast, (ushort)((length << 8) | symbol), (int)(code << (FastBits - length)), 1 << (FastBits - length));
                code++;
            }
            Limits[length] = (ulong)code << (32 - length);
        }
    }

    /// <summary>Bytes that <paramref name="text"/> takes when encoded.</summary>
    public static int EncodedLength(ReadOnlySpan<byte> text)
    {
        var bits = 0;
        foreach (var symbol in text)
            bits += Lengths[symbol];
        return (bits + 7) >> 3;
    }

    /// <summary>Encodes <paramref name="text"/> to the front of <paramref name="destination"/>, which has room for it (<see cref="EncodedLength"/>).</summary>
    public static void Encode(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var at = 0;
        var bits = 0UL;
        var count = 0;
        foreach (var symbol in text)
        {
            var length = Lengths[symbol];
            bits = (bits << length) | Codes[symbol];
            count += length;
            if (count < 32)
                continue;
            count -= 32;
            BinaryPrimitives.WriteUInt32BigEndian(destination[at..], (uint)(bits >> count));
            at += 4;
        }
        for (; count >= 8; count -= 8)
            destination[at++] = (byte)(bits >> (count - 8));
        // The rest is padded with the first bits of the code for the end of the string, which are ones.
        if (count > 0)
            destination[at] = (byte)((bits << (8 - count)) | (0xFFu >> count));
    }

    /// <summary>
    /// Decodes <paramref name="encoded"/> to the front of <paramref name="destination"/>, which has room for 8 bytes for each 5 of it (the shortest code has
    /// 5 bits) and one more. Returns the number of bytes or <see cref="Invalid"/>.
    /// </summary>
    public static int Decode(ReadOnlySpan<byte> encoded, Span<byte> destination)
    {
        var from = 0;
        var to = 0;
        var bits = 0UL;
        var count = 0;
        while (true)
        {
            if (count < LongestCode)
            {
                if (encoded.Length - from >= 4)
                {
                    bits = (bits << 32) | BinaryPrimitives.ReadUInt32BigEndian(encoded[from..]);
                    from += 4;
                    count += 32;
                }
                else
                {
                    for (; from < encoded.Length; count += 8)
                        bits = (bits << 8) | encoded[from++];
                }
            }
            if (count < FastBits)
                break;
            var entry = Fast[(int)(bits >> (count - FastBits)) & ((1 << FastBits) - 1)];
            if (entry != 0)
            {
                destination[to++] = (byte)entry;
                count -= entry >> 8;
            }
            else if (!TryDecodeLong(bits, ref count, out destination[to++]))
            {
                return Invalid;
            }
        }
        // Fewer than nine bits are left: the last short codes, then the padding.
        while (count >= 5)
        {
            var entry = Fast[(int)(bits << (FastBits - count)) & ((1 << FastBits) - 1)];
            if (entry == 0 || entry >> 8 > count)
                break;
            destination[to++] = (byte)entry;
            count -= entry >> 8;
        }
        return IsPadding(bits, count) ? to : Invalid;
    }

    // Padding is shorter than a byte and made of ones.
    private static bool IsPadding(ulong bits, int count) => count < 8 && (bits & ((1UL << count) - 1)) == (1UL << count) - 1;

    private static bool TryDecodeLong(ulong bits, ref int count, out byte symbol)
    {
        // What is not there reads as zeros: a code is only taken when all of it is there.
        var window = count >= 32 ? (uint)(bits >> (count - 32)) : (uint)(bits << (32 - count));
        for (var length = FastBits + 1; length <= LongestCode && length <= count; length++)
        {
            if (window >= Limits[length])
                continue;
            var found = Sorted[Offsets[length] + (int)(window >> (32 - length))];
            symbol = (byte)found;
            count -= length;
            return found != EndOfString;
        }
        symbol = 0;
        return false;
    }
}
