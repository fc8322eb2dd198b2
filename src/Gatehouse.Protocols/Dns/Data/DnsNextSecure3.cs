namespace Gatehouse.Protocols.Dns.Data;

/// <summary>The next hashed name of a zone (RFC 5155 section 3.2).</summary>
public readonly ref struct DnsNextSecure3
{
    /// <summary>1 SHA-1.</summary>
    public byte Algorithm { get; private init; }

    /// <summary>1: delegations without signatures may be left out.</summary>
    public byte Flags { get; private init; }

    /// <summary>Further rounds of the hash.</summary>
    public ushort Iterations { get; private init; }

    /// <summary>What is hashed with the name.</summary>
    public ReadOnlySpan<byte> Salt { get; private init; }

    /// <summary>The hash of the next name.</summary>
    public ReadOnlySpan<byte> Next { get; private init; }

    /// <summary>The types of this name; see <see cref="DnsTypeBitmap"/>.</summary>
    public ReadOnlySpan<byte> Types { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsNextSecure3 value)
    {
        value = default;
        if (!data.TryReadByte(out var algorithm)
            || !data.TryReadByte(out var flags)
            || !data.TryReadUInt16(out var iterations)
            || !data.TryReadText(out var salt)
            || !data.TryReadText(out var next))
            return false;
        value = new DnsNextSecure3
        {
            Algorithm = algorithm,
            Flags = flags,
            Iterations = iterations,
            Salt = salt,
            Next = next,
            Types = data.ReadRest(),
        };
        return true;
    }
}
