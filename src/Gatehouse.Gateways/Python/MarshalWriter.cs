using System.Buffers.Binary;
using System.Text;

namespace Gatehouse.Gateways.Python;

/// <summary>
/// Writes Python's marshal format with the codes that every version since 3.4 reads alike: None, True, False, 32-bit numbers, bytes, short ASCII, UTF-8,
/// tuples and dictionaries. The buffer is kept from message to message.
/// </summary>
internal sealed class MarshalWriter
{
    private byte[] _bytes = new byte[2048];
    private int _length;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Starts anew.</summary>
    public void Clear() => _length = 0;

    /// <summary>None.</summary>
    public void None() => Code('N');

    /// <summary>True or False.</summary>
    public void Boolean(bool value) => Code(value ? 'T' : 'F');

    /// <summary>A number.</summary>
    public void Number(int value)
    {
        var target = Room(5);
        target[0] = (byte)'i';
        BinaryPrimitives.WriteInt32LittleEndian(target[1..], value);
        _length += 5;
    }

    /// <summary>Writes over the number at <paramref name="offset"/>.</summary>
    public void SetNumber(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(offset + 1), value);

    /// <summary>A tuple of <paramref name="count"/> items, which follow.</summary>
    public void Tuple(int count)
    {
        var target = Room(5);
        target[0] = (byte)'(';
        BinaryPrimitives.WriteInt32LittleEndian(target[1..], count);
        _length += 5;
    }

    /// <summary>The beginning of a dictionary: keys and values follow in turn, then <see cref="EndDictionary"/>.</summary>
    public void Dictionary() => Code('{');

    /// <summary>The end of a dictionary.</summary>
    public void EndDictionary() => Code('0');

    /// <summary>Bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        var target = Room(5 + value.Length);
        target[0] = (byte)'s';
        BinaryPrimitives.WriteInt32LittleEndian(target[1..], value.Length);
        value.CopyTo(target[5..]);
        _length += 5 + value.Length;
    }

    /// <summary>A string of at most 255 ASCII bytes, as they are.</summary>
    public void ShortAscii(ReadOnlySpan<byte> value)
    {
        var target = Room(2 + value.Length);
        target[0] = (byte)'z';
        target[1] = (byte)value.Length;
        value.CopyTo(target[2..]);
        _length += 2 + value.Length;
    }

    /// <summary>A string of which each byte is one character: how PEP 3333 brings bytes into a Python string.</summary>
    public void Latin1(ReadOnlySpan<byte> value)
    {
        if (value.Length < 256 && Ascii.IsValid(value))
        {
            ShortAscii(value);
            return;
        }
        var target = Room(5 + (value.Length * 2));
        target[0] = (byte)'u';
        var length = 5;
        foreach (var item in value)
        {
            if (item < 0x80)
            {
                target[length++] = item;
                continue;
            }
            target[length++] = (byte)(0xC0 | (item >> 6));
            target[length++] = (byte)(0x80 | (item & 0x3F));
        }
        BinaryPrimitives.WriteInt32LittleEndian(target[1..], length - 5);
        _length += length;
    }

    /// <summary>A string of UTF-8.</summary>
    public void Utf8(ReadOnlySpan<byte> value)
    {
        var target = Room(5 + value.Length);
        target[0] = (byte)'u';
        BinaryPrimitives.WriteInt32LittleEndian(target[1..], value.Length);
        value.CopyTo(target[5..]);
        _length += 5 + value.Length;
    }

    /// <summary>A string.</summary>
    public void Text(string value) => Utf8(Encoding.UTF8.GetBytes(value));

    /// <summary>Something that was written by another writer.</summary>
    public void Raw(ReadOnlySpan<byte> written)
    {
        written.CopyTo(Room(written.Length));
        _length += written.Length;
    }

    private void Code(char code)
    {
        Room(1)[0] = (byte)code;
        _length++;
    }

    private Span<byte> Room(int bytes)
    {
        if (_bytes.Length - _length < bytes)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
        return _bytes.AsSpan(_length);
    }
}
