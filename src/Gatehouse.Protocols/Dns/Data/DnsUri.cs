namespace Gatehouse.Protocols.Dns.Data;

/// <summary>The URI of a service (RFC 7553 section 4).</summary>
public readonly ref struct DnsUri
{
    /// <summary>The lowest is tried first.</summary>
    public ushort Priority { get; private init; }

    /// <summary>Its share among those of one priority.</summary>
    public ushort Weight { get; private init; }

    /// <summary>The URI.</summary>
    public ReadOnlySpan<byte> Target { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsUri value)
    {
        value = default;
        if (!data.TryReadUInt16(out var priority)
            || !data.TryReadUInt16(out var weight))
            return false;
        value = new DnsUri
        {
            Priority = priority,
            Weight = weight,
            Target = data.ReadRest(),
        };
        return true;
    }
}
