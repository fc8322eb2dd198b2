using System.Buffers.Binary;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Dns.Cache;

/// <summary>Times to live in a message, where it lies.</summary>
public static class MessageAge
{
    /// <summary>Takes seconds off all times to live, down to zero. Leaves a malformed message as it is from the fault on.</summary>
    public static void Apply(Span<byte> message, uint seconds)
    {
        if (seconds == 0)
            return;
        var reader = new DnsMessageReader(message);
        while (reader.TryReadRecord(out var record))
        {
            if (record.Type == DnsType.OPT)
                continue;
            var left = DnsTimeToLive.Clamp(record.TimeToLive);
            BinaryPrimitives.WriteUInt32BigEndian(message[(record.DataOffset - 6)..], left > seconds ? left - seconds : 0);
        }
    }

    /// <summary>Lowers all times to live to at most <paramref name="seconds"/>.</summary>
    public static void Cap(Span<byte> message, uint seconds)
    {
        var reader = new DnsMessageReader(message);
        while (reader.TryReadRecord(out var record))
        {
            if (record.Type != DnsType.OPT && DnsTimeToLive.Clamp(record.TimeToLive) > seconds)
                BinaryPrimitives.WriteUInt32BigEndian(message[(record.DataOffset - 6)..], seconds);
        }
    }

    /// <summary>
    /// Seconds for which an answer may be kept: the least time to live of its records; of a negative one that of the SOA, or the SOA's minimum where that is
    /// less (RFC 2308 section 5); null when it must not be kept.
    /// </summary>
    public static uint? LifeOf(ReadOnlySpan<byte> message)
    {
        var reader = new DnsMessageReader(message);
        var isNegative = reader.Header.Rcode == DnsRcode.NXDomain || reader.Header.AnswerCount == 0;
        if (reader.Header.Rcode is not (DnsRcode.NoError or DnsRcode.NXDomain) || reader.Header.IsTruncated)
            return null;
        uint? least = null;
        var hasAuthority = false;
        while (reader.TryReadRecord(out var record))
        {
            if (record.Type == DnsType.OPT)
                continue;
            var life = DnsTimeToLive.Clamp(record.TimeToLive);
            if (record.Type == DnsType.SOA && record.Section == DnsSection.Authority)
            {
                hasAuthority = true;
                if (Protocols.Dns.Data.DnsSoa.TryRead(record.ReadData(), out var soa))
                    life = Math.Min(life, soa.Minimum);
            }
            least = Math.Min(least ?? uint.MaxValue, life);
        }
        // A negative answer without an SOA must not be kept (RFC 2308 section 5).
        return reader.Fault is not null || (isNegative && !hasAuthority) ? null : least;
    }
}
