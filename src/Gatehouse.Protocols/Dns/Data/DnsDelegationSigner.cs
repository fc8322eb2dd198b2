namespace Gatehouse.Protocols.Dns.Data;

/// <summary>The digest of a child zone's key (RFC 4034 section 5.1).</summary>
public readonly ref struct DnsDelegationSigner
{
    /// <summary>The key's tag.</summary>
    public ushort KeyTag { get; private init; }

    /// <summary>The key's algorithm.</summary>
    public byte Algorithm { get; private init; }

    /// <summary>1 SHA-1, 2 SHA-256, 4 SHA-384.</summary>
    public byte DigestType { get; private init; }

    /// <summary>The digest.</summary>
    public ReadOnlySpan<byte> Digest { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsDelegationSigner value)
    {
        value = default;
        if (!data.TryReadUInt16(out var keyTag)
            || !data.TryReadByte(out var algorithm)
            || !data.TryReadByte(out var digestType))
            return false;
        value = new DnsDelegationSigner
        {
            KeyTag = keyTag,
            Algorithm = algorithm,
            DigestType = digestType,
            Digest = data.ReadRest(),
        };
        return true;
    }
}
