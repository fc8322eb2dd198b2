using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Data;

/// <summary>A mail exchange (RFC 1035 section 3.3.9).</summary>
public readonly ref struct DnsMx
{
    /// <summary>The lowest is tried first.</summary>
    public ushort Preference { get; private init; }

    /// <summary>The host.</summary>
    public DnsNameSpan Exchange { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsMx value)
    {
        value = default;
        if (!data.TryReadUInt16(out var preference)
            || !data.TryReadName(out var exchange)
            || !data.IsAtEnd)
            return false;
        value = new DnsMx
        {
            Preference = preference,
            Exchange = exchange,
        };
        return true;
    }
}
