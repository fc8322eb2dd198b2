using System.Buffers.Binary;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Data;

/// <summary>Reads a record's data part by part where it lies; each step is false when the part is not there.</summary>
public ref struct DnsDataReader
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _end;
    private int _at;

    internal DnsDataReader(ReadOnlySpan<byte> message, int start, int end)
    {
        _message = message;
        _at = start;
        _end = end;
    }

    /// <summary>True when all was read.</summary>
    public readonly bool IsAtEnd => _at == _end;

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => _end - _at;

    /// <summary>Reads a byte.</summary>
    public bool TryReadByte(out byte value)
    {
        value = 0;
        if (Left < 1)
            return false;
        value = _message[_at++];
        return true;
    }

    /// <summary>Reads two bytes.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        value = 0;
        if (Left < 2)
            return false;
        value = BinaryPrimitives.ReadUInt16BigEndian(_message[_at..]);
        _at += 2;
        return true;
    }

    /// <summary>Reads four bytes.</summary>
    public bool TryReadUInt32(out uint value)
    {
        value = 0;
        if (Left < 4)
            return false;
        value = BinaryPrimitives.ReadUInt32BigEndian(_message[_at..]);
        _at += 4;
        return true;
    }

    /// <summary>Reads a name, which may be compressed.</summary>
    public bool TryReadName(out DnsNameSpan name)
    {
        var start = _at;
        if (DnsWireName.Skip(_message, ref _at, out var length) is not null || _at > _end)
        {
            _at = start;
            name = default;
            return false;
        }
        name = new DnsNameSpan(_message, start, length);
        return true;
    }

    /// <summary>Reads a length and that many bytes (RFC 1035 section 3.3, character-string).</summary>
    public bool TryReadText(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (Left < 1 || Left < 1 + _message[_at])
            return false;
        text = _message.Slice(_at + 1, _message[_at]);
        _at += 1 + text.Length;
        return true;
    }

    /// <summary>Reads <paramref name="count"/> bytes.</summary>
    public bool TryReadBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (Left < count)
            return false;
        bytes = _message.Slice(_at, count);
        _at += count;
        return true;
    }

    /// <summary>Reads what is left.</summary>
    public ReadOnlySpan<byte> ReadRest()
    {
        var rest = _message[_at.._end];
        _at = _end;
        return rest;
    }
}
