using System.Buffers.Binary;
using Gatehouse.Protocols.Dns.Data;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Messages;

/// <summary>
/// Writes a message into a span, names compressed (RFC 1035 section 4.1.4), without allocation: questions, then records in the order of the sections, then
/// <see cref="Finish"/>. What does not fit is refused whole and leaves the message as it was.
/// </summary>
public ref struct DnsMessageWriter
{
    private readonly Span<byte> _destination;
    private readonly DnsHeader _header;
    private DnsCompression _compression;
    private int _at;
    private int _questions;
    private int _answers;
    private int _authorities;
    private int _additionals;
    private int _optStart;
    private bool _isTruncated;

    /// <summary>Begins a message.</summary>
    /// <param name="destination">Where to: its length is the most that the message may have; at least a header's 12 bytes.</param>
    /// <param name="header">Id and flags; the counts are the writer's.</param>
    /// <exception cref="ArgumentException">There is no room for a header.</exception>
    public DnsMessageWriter(Span<byte> destination, DnsHeader header)
    {
        if (destination.Length < DnsHeader.Size)
            throw new ArgumentException($"Expected room for a header of {DnsHeader.Size} bytes; found {destination.Length}.", nameof(destination));
        // No message is longer than the 16 bits of its length over TCP.
        _destination = destination.Length > ushort.MaxValue ? destination[..ushort.MaxValue] : destination;
        _header = header;
        _at = DnsHeader.Size;
    }

    /// <summary>Bytes so far.</summary>
    public readonly int Length => _at;

    /// <summary>Writes a question.</summary>
    /// <param name="name">The name, without compression.</param>
    /// <param name="type">The type.</param>
    /// <param name="class">The class.</param>
    public bool TryWriteQuestion(scoped ReadOnlySpan<byte> name, DnsType type, DnsClass @class = DnsClass.IN)
    {
        var start = _at;
        if (!TryWriteName(name) || _destination.Length - _at < 4)
            return TakeBack(start);
        BinaryPrimitives.WriteUInt16BigEndian(_destination[_at..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(_destination[(_at + 2)..], (ushort)@class);
        _at += 4;
        _questions++;
        return true;
    }

    /// <summary>Writes a record.</summary>
    /// <param name="section">Its section, not one before that of the last record.</param>
    /// <param name="name">The name that it belongs to, without compression.</param>
    /// <param name="type">Its type.</param>
    /// <param name="class">Its class.</param>
    /// <param name="timeToLive">Seconds for which it may be kept.</param>
    /// <param name="data">Its data, names in it without compression; those of the types of RFC 1035 are compressed here (RFC 3597 section 4).</param>
    public bool TryWriteRecord(
        DnsSection section, scoped ReadOnlySpan<byte> name, DnsType type, DnsClass @class, uint timeToLive, scoped ReadOnlySpan<byte> data)
    {
        var start = _at;
        if (!TryWriteRecordHead(name, type, @class, timeToLive))
            return TakeBack(start);
        var dataStart = _at;
        if (!TryWriteData(type, data))
            return TakeBack(start);
        BinaryPrimitives.WriteUInt16BigEndian(_destination[(dataStart - 2)..], (ushort)(_at - dataStart));
        Count(section);
        return true;
    }

    /// <summary>Copies a record of another message. False also when its data is not what its type says.</summary>
    public bool TryWriteRecord(DnsSection section, scoped in DnsRecordSpan record, uint timeToLive)
    {
        Span<byte> name = stackalloc byte[DnsWireName.MaxLength];
        name = name[..record.Name.CopyTo(name)];
        if (!DnsDataLayout.HasNames(record.Type))
            return TryWriteRecord(section, name, record.Type, record.Class, timeToLive, record.Data);
        var data = record.Data.Length <= 512 ? stackalloc byte[512 + (4 * DnsWireName.MaxLength)] : new byte[record.Data.Length + (4 * DnsWireName.MaxLength)];
        return DnsData.TryExpand(record.Type, record.ReadData(), data, out var written)
            && TryWriteRecord(section, name, record.Type, record.Class, timeToLive, data[..written]);
    }

    /// <summary>Begins the OPT record (RFC 6891 section 6.1.2); then options, then <see cref="EndEdns"/>.</summary>
    /// <param name="udpSize">Bytes of the datagrams that the sender takes.</param>
    /// <param name="dnssecOk">DO: the sender wants signatures.</param>
    /// <param name="extendedRcode">The upper eight bits of the response code.</param>
    public bool TryBeginEdns(ushort udpSize, bool dnssecOk, byte extendedRcode = 0)
    {
        var start = _at;
        if (!TryWriteRecordHead("\0"u8, DnsType.OPT, (DnsClass)udpSize, ((uint)extendedRcode << 24) | (dnssecOk ? 0x8000u : 0)))
            return TakeBack(start);
        _optStart = _at;
        return true;
    }

    /// <summary>Writes an option of the OPT record.</summary>
    public bool TryWriteOption(Edns.DnsOptionCode code, scoped ReadOnlySpan<byte> data)
    {
        if (_destination.Length - _at < data.Length + 4)
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(_destination[_at..], (ushort)code);
        BinaryPrimitives.WriteUInt16BigEndian(_destination[(_at + 2)..], (ushort)data.Length);
        data.CopyTo(_destination[(_at + 4)..]);
        _at += 4 + data.Length;
        return true;
    }

    /// <summary>
    /// Pads the message with zeros to the next multiple of <paramref name="block"/> (RFC 7830; RFC 8467 has 128 for queries, 468 for responses), as the last
    /// option. False when there is not the room.
    /// </summary>
    public bool TryWritePadding(int block)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(block, 1);
        var length = (block - ((_at + 4) % block)) % block;
        if (_destination.Length - _at < length + 4)
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(_destination[_at..], (ushort)Edns.DnsOptionCode.Padding);
        BinaryPrimitives.WriteUInt16BigEndian(_destination[(_at + 2)..], (ushort)length);
        _destination.Slice(_at + 4, length).Clear();
        _at += 4 + length;
        return true;
    }

    /// <summary>Ends the OPT record.</summary>
    public void EndEdns()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[(_optStart - 2)..], (ushort)(_at - _optStart));
        _additionals++;
    }

    /// <summary>Sets TC: the message does not hold all that there is.</summary>
    public void MarkTruncated() => _isTruncated = true;

    /// <summary>Writes the header with its counts and returns the message's length.</summary>
    public readonly int Finish()
    {
        var bits = _isTruncated ? (ushort)(_header.Bits | (ushort)DnsFlags.Truncated) : _header.Bits;
        new DnsHeader(_header.Id, bits, (ushort)_questions, (ushort)_answers, (ushort)_authorities, (ushort)_additionals).Write(_destination);
        return _at;
    }

    private bool TryWriteRecordHead(scoped ReadOnlySpan<byte> name, DnsType type, DnsClass @class, uint timeToLive)
    {
        if (!TryWriteName(name) || _destination.Length - _at < 10)
            return false;
        var fields = _destination.Slice(_at, 10);
        BinaryPrimitives.WriteUInt16BigEndian(fields, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(fields[2..], (ushort)@class);
        BinaryPrimitives.WriteUInt32BigEndian(fields[4..], timeToLive);
        _at += 10;
        return true;
    }

    private bool TryWriteData(DnsType type, scoped ReadOnlySpan<byte> data)
    {
        foreach (var field in DnsDataLayout.Of(type))
        {
            // Names that may be compressed stand behind fields of a fixed size, and nothing else does behind them but such fields.
            var length = field switch
            {
                DnsDataField.CompressedName => DnsWireName.Measure(data),
                DnsDataField.UInt16 when !data.IsEmpty && DnsDataLayout.IsCompressed(type) => 2,
                _ => data.Length,
            };
            if (length > data.Length || (length == 0 && field == DnsDataField.CompressedName))
                return false;
            if (!(field == DnsDataField.CompressedName ? TryWriteName(data[..length]) : TryWriteBytes(data[..length])))
                return false;
            data = data[length..];
            if (data.IsEmpty)
                return true;
        }
        return TryWriteBytes(data);
    }

    private bool TryWriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        if (!bytes.TryCopyTo(_destination[_at..]))
            return false;
        _at += bytes.Length;
        return true;
    }

    private bool TryWriteName(scoped ReadOnlySpan<byte> name) => _compression.TryWrite(_destination, ref _at, name);

    private bool TakeBack(int start)
    {
        _compression.Forget(start);
        _at = start;
        return false;
    }

    private void Count(DnsSection section)
    {
        switch (section)
        {
            case DnsSection.Answer: _answers++; break;
            case DnsSection.Authority: _authorities++; break;
            default: _additionals++; break;
        }
    }
}
