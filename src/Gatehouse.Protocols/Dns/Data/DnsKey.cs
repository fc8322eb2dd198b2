namespace Gatehouse.Protocols.Dns.Data;

/// <summary>A key of a zone (RFC 4034 section 2.1).</summary>
public readonly ref struct DnsKey
{
    /// <summary>256 it is a zone's key, 1 it is a secure entry point, 128 it is revoked (RFC 5011).</summary>
    public ushort Flags { get; private init; }

    /// <summary>3.</summary>
    public byte Protocol { get; private init; }

    /// <summary>The algorithm by its number in IANA's registry.</summary>
    public byte Algorithm { get; private init; }

    /// <summary>The key as the algorithm has it.</summary>
    public ReadOnlySpan<byte> PublicKey { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsKey value)
    {
        value = default;
        if (!data.TryReadUInt16(out var flags)
            || !data.TryReadByte(out var protocol)
            || !data.TryReadByte(out var algorithm))
            return false;
        value = new DnsKey
        {
            Flags = flags,
            Protocol = protocol,
            Algorithm = algorithm,
            PublicKey = data.ReadRest(),
        };
        return true;
    }
}
