namespace Gatehouse.Protocols.Dns.Data;

/// <summary>Which authority may issue certificates (RFC 8659 section 4.1).</summary>
public readonly ref struct DnsCaa
{
    /// <summary>128 is critical.</summary>
    public byte Flags { get; private init; }

    /// <summary>issue, issuewild, iodef and others.</summary>
    public ReadOnlySpan<byte> Tag { get; private init; }

    /// <summary>The property's value.</summary>
    public ReadOnlySpan<byte> Value { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsCaa value)
    {
        value = default;
        if (!data.TryReadByte(out var flags)
            || !data.TryReadText(out var tag))
            return false;
        value = new DnsCaa
        {
            Flags = flags,
            Tag = tag,
            Value = data.ReadRest(),
        };
        return true;
    }
}
