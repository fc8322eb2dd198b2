using System.Buffers.Binary;
using Gatehouse.Protocols.Cgi;

namespace Gatehouse.Protocols.FastCgi;

/// <summary>
/// Name-value pairs (FastCGI 1.0 section 3.4): the length of the name, the length of the value, then both; a length below 128 is one byte, another is four with
/// the highest bit set.
/// </summary>
public static class FastCgiNameValue
{
    /// <summary>Bytes that a pair takes.</summary>
    public static int Size(int nameLength, int valueLength) => (nameLength < 128 ? 1 : 4) + (valueLength < 128 ? 1 : 4) + nameLength + valueLength;

    /// <summary>Writes a pair and returns its bytes; the destination has room for <see cref="Size"/>.</summary>
    public static int Write(Span<byte> destination, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var at = WriteLength(destination, name.Length);
        at += WriteLength(destination[at..], value.Length);
        name.CopyTo(destination[at..]);
        at += name.Length;
        value.CopyTo(destination[at..]);
        return at + value.Length;
    }

    /// <summary>
    /// Takes the pair that <paramref name="pairs"/> starts with and moves behind it; false when a whole one is not there. Lengths may be beyond what there is,
    /// up to 2^31-1.
    /// </summary>
    public static bool TryRead(ref ReadOnlySpan<byte> pairs, out CgiVariable pair)
    {
        pair = default;
        var rest = pairs;
        if (!TryReadLength(ref rest, out var nameLength) || !TryReadLength(ref rest, out var valueLength) || (long)nameLength + valueLength > rest.Length)
            return false;
        pair = new CgiVariable(rest[..nameLength], rest.Slice(nameLength, valueLength));
        pairs = rest[(nameLength + valueLength)..];
        return true;
    }

    private static int WriteLength(Span<byte> destination, int length)
    {
        if (length < 128)
        {
            destination[0] = (byte)length;
            return 1;
        }
        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)length | 0x8000_0000);
        return 4;
    }

    private static bool TryReadLength(ref ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.IsEmpty)
            return false;
        if (bytes[0] < 128)
        {
            length = bytes[0];
            bytes = bytes[1..];
            return true;
        }
        if (bytes.Length < 4)
            return false;
        length = (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes) & 0x7FFF_FFFF);
        bytes = bytes[4..];
        return true;
    }
}
