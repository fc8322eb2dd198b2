using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Data;

/// <summary>How a service is reached (RFC 9460 section 2.2).</summary>
public readonly ref struct DnsServiceBinding
{
    /// <summary>0 is an alias; else the lowest is tried first.</summary>
    public ushort Priority { get; private init; }

    /// <summary>The host; the root for the record's own name.</summary>
    public DnsNameSpan Target { get; private init; }

    /// <summary>Keys and values, ascending: two bytes of key, two of length, the value.</summary>
    public ReadOnlySpan<byte> Parameters { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsServiceBinding value)
    {
        value = default;
        if (!data.TryReadUInt16(out var priority)
            || !data.TryReadName(out var target))
            return false;
        value = new DnsServiceBinding
        {
            Priority = priority,
            Target = target,
            Parameters = data.ReadRest(),
        };
        return true;
    }
}
