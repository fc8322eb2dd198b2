using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Protocols.Dns.Messages;

/// <summary>A record as a value.</summary>
/// <param name="Name">The name that it belongs to.</param>
/// <param name="Type">Its type.</param>
/// <param name="Class">Its class.</param>
/// <param name="TimeToLive">Seconds for which it may be kept.</param>
/// <param name="Data">Its data in wire format, names in it without compression.</param>
public sealed record DnsRecord(DnsName Name, DnsType Type, DnsClass Class, uint TimeToLive, ReadOnlyMemory<byte> Data)
{
    /// <summary>Reads the data part by part.</summary>
    public Data.DnsDataReader ReadData() => new(Data.Span, 0, Data.Length);

    /// <summary>The presentation format: name, time to live, class, type, data (RFC 1035 section 5.1).</summary>
    public override string ToString() => DnsRecordText.Format(this);

    /// <inheritdoc/>
    public bool Equals(DnsRecord? other) =>
        other is not null && Name == other.Name && Type == other.Type && Class == other.Class && TimeToLive == other.TimeToLive
        && Data.Span.SequenceEqual(other.Data.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Type, Class, TimeToLive, Data.Length);
}
