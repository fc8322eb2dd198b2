using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gatehouse.Protocols.Dns.Names;

/// <summary>
/// Names as they stand on the wire: labels with their length in front, and a zero (RFC 1035 section 3.1). Those without compression are plain spans here;
/// letters of ASCII are compared without case (RFC 4343), which the lengths, below 64, cannot be mistaken for.
/// </summary>
public static class DnsWireName
{
    /// <summary>Bytes of the longest name, lengths and the final zero included.</summary>
    public const int MaxLength = 255;

    /// <summary>Bytes of the longest label.</summary>
    public const int MaxLabel = 63;

    // A name has at most 127 labels, so that more pointers than that save nothing and only cost who follows them.
    private const int MaxPointers = 127;
    private const ulong Ones = 0x0101_0101_0101_0101;

    /// <summary>
    /// Moves <paramref name="at"/> behind a name that may be compressed (RFC 1035 section 4.1.4). A pointer leads before the beginning of the run of labels
    /// that it ends, so that none can lead in a circle.
    /// </summary>
    /// <param name="message">The message from its first byte.</param>
    /// <param name="at">Where the name begins.</param>
    /// <param name="length">Bytes of the name without compression.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static string? Skip(ReadOnlySpan<byte> message, ref int at, out int length)
    {
        length = 0;
        var (position, runStart, end, pointers) = (at, at, -1, 0);
        while ((uint)position < (uint)message.Length)
        {
            int first = message[position];
            if (first == 0)
            {
                length++;
                at = end < 0 ? position + 1 : end;
                return null;
            }
            if (first <= MaxLabel)
            {
                position += first + 1;
                length += first + 1;
                if (length >= MaxLength)
                    return "expected a name of at most 255 bytes, found a longer one";
            }
            else if (first >= 0xC0)
            {
                if (position + 1 >= message.Length)
                    break;
                var target = ((first & 0x3F) << 8) | message[position + 1];
                if (end < 0)
                    end = position + 2;
                if (target >= runStart || target < Messages.DnsHeader.Size || ++pointers > MaxPointers)
                    return "expected a compression pointer that leads back to a name, found one that leads elsewhere";
                position = runStart = target;
            }
            else
                return "expected a label of at most 63 bytes or a pointer, found a reserved kind of label";
        }
        return "expected the end of a name, found that of the message";
    }

    /// <summary>Bytes of the name without compression that <paramref name="wire"/> starts with; 0 when it is not one.</summary>
    public static int Measure(ReadOnlySpan<byte> wire)
    {
        var at = 0;
        while (at < wire.Length && at < MaxLength)
        {
            int label = wire[at];
            if (label == 0)
                return at + 1;
            if (label > MaxLabel)
                return 0;
            at += label + 1;
        }
        return 0;
    }

    /// <summary>True for the same name, without regard to case.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
            return false;
        var at = 0;
        for (; at + 8 <= left.Length; at += 8)
        {
            var (a, b) = (Word(left, at), Word(right, at));
            if (a != b && Lower(a) != Lower(b))
                return false;
        }
        for (; at < left.Length; at++)
        {
            if (Lower(left[at]) != Lower(right[at]))
                return false;
        }
        return true;
    }

    /// <summary>A hash that is the same for names that differ in case only.</summary>
    /// <param name="wire">The name.</param>
    /// <param name="seed">Chosen at random by who keeps a table, so that nobody outside can make names collide.</param>
    public static ulong Hash(ReadOnlySpan<byte> wire, ulong seed)
    {
        var hash = seed ^ ((ulong)wire.Length * 0x9E37_79B9_7F4A_7C15);
        var at = 0;
        for (; at + 8 <= wire.Length; at += 8)
            hash = Mix(hash ^ Lower(Word(wire, at)));
        var rest = 0UL;
        for (var shift = 0; at < wire.Length; at++, shift += 8)
            rest |= (ulong)Lower(wire[at]) << shift;
        return Mix(hash ^ rest);
    }

    /// <summary>Makes the letters of a name small; <paramref name="destination"/> may be the same span.</summary>
    public static void ToLower(ReadOnlySpan<byte> wire, Span<byte> destination)
    {
        var at = 0;
        for (; at + 8 <= wire.Length; at += 8)
            BinaryPrimitives.WriteUInt64LittleEndian(destination[at..], Lower(Word(wire, at)));
        for (; at < wire.Length; at++)
            destination[at] = Lower(wire[at]);
    }

    /// <summary>True when <paramref name="name"/> is <paramref name="ancestor"/> or below it.</summary>
    public static bool IsAtOrBelow(ReadOnlySpan<byte> name, ReadOnlySpan<byte> ancestor)
    {
        while (name.Length > ancestor.Length)
            name = name[(name[0] + 1)..];
        return AreEqual(name, ancestor);
    }

    /// <summary>Labels of a name without compression; the root has none.</summary>
    public static int CountLabels(ReadOnlySpan<byte> wire)
    {
        var count = 0;
        for (var at = 0; at < wire.Length && wire[at] != 0; at += wire[at] + 1)
            count++;
        return count;
    }

    /// <summary>A byte with letters of ASCII made small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Lower(byte value) => (uint)(value - 'A') <= 'Z' - 'A' ? (byte)(value | 0x20) : value;

    // Each byte of the sum has its highest bit set when the byte is at least 'A', or beyond 'Z'; bytes above 127 are left out by their own highest bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Lower(ulong word)
    {
        var seven = word & (0x7F * Ones);
        var capital = (seven + ((0x80 - 'A') * Ones)) & ~(seven + ((0x80 - 'Z' - 1) * Ones)) & ~word & (0x80 * Ones);
        return word | (capital >> 2);
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int at) => Unsafe.ReadUnaligned<ulong>(in MemoryMarshal.GetReference(bytes.Slice(at, 8)));

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ 0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB, out ulong low);
        return high ^ low;
    }
}
