using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Data;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Messages;

/// <summary>A record inside a message (RFC 1035 section 4.1.3). Its name has been checked; its data is, when it is read.</summary>
public readonly ref struct DnsRecordSpan
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _data;
    private readonly int _dataLength;

    internal DnsRecordSpan(
        ReadOnlySpan<byte> message, DnsSection section, DnsNameSpan name, DnsType type, DnsClass @class, uint timeToLive, int data, int dataLength)
    {
        _message = message;
        _data = data;
        _dataLength = dataLength;
        Section = section;
        Name = name;
        Type = type;
        Class = @class;
        TimeToLive = timeToLive;
    }

    /// <summary>The section that it stands in.</summary>
    public DnsSection Section { get; }

    /// <summary>The name that it belongs to.</summary>
    public DnsNameSpan Name { get; }

    /// <summary>Its type.</summary>
    public DnsType Type { get; }

    /// <summary>Its class; for OPT the size of datagrams that the sender takes.</summary>
    public DnsClass Class { get; }

    /// <summary>Seconds for which it may be kept, as sent; see <see cref="DnsTimeToLive.Clamp"/>. For OPT further flags.</summary>
    public uint TimeToLive { get; }

    /// <summary>Its data as sent: names in it may be compressed.</summary>
    public ReadOnlySpan<byte> Data => _message.Slice(_data, _dataLength);

    /// <summary>Offset of <see cref="Data"/> in the message; the time to live stands six bytes before it.</summary>
    public int DataOffset => _data;

    /// <summary>Reads the data part by part.</summary>
    public DnsDataReader ReadData() => new(_message, _data, _data + _dataLength);

    /// <summary>The address of an A or AAAA record; false for other types and for data of another length.</summary>
    public bool TryGetAddress(out IpAddress address)
    {
        if ((Type == DnsType.A && _dataLength == 4) || (Type == DnsType.AAAA && _dataLength == 16))
        {
            address = IpAddress.FromBytes(Data);
            return true;
        }
        address = default;
        return false;
    }

    /// <summary>The name of a CNAME, NS, PTR or DNAME record; false for other types and for data that is not one name.</summary>
    public bool TryGetTarget(out DnsNameSpan target)
    {
        var reader = ReadData();
        target = default;
        return Type is DnsType.CNAME or DnsType.NS or DnsType.PTR or DnsType.DNAME && reader.TryReadName(out target) && reader.IsAtEnd;
    }

    /// <summary>A copy that outlives the message, names in it without compression; false when the data is not what its type says.</summary>
    public bool TryCopy(out DnsRecord record)
    {
        var buffer = _dataLength <= 512 ? stackalloc byte[512 + (4 * DnsWireName.MaxLength)] : new byte[_dataLength + (4 * DnsWireName.MaxLength)];
        var isWhole = DnsData.TryExpand(Type, ReadData(), buffer, out var written);
        record = new DnsRecord(Name.ToName(), Type, Class, TimeToLive, isWhole ? buffer[..written].ToArray() : []);
        return isWhole;
    }
}
