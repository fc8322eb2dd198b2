namespace Gatehouse.Protocols.Dns.Data;

/// <summary>The fingerprint of an SSH host key (RFC 4255 section 3.1).</summary>
public readonly ref struct DnsSshFingerprint
{
    /// <summary>The key's algorithm.</summary>
    public byte Algorithm { get; private init; }

    /// <summary>1 SHA-1, 2 SHA-256.</summary>
    public byte FingerprintType { get; private init; }

    /// <summary>The digest.</summary>
    public ReadOnlySpan<byte> Fingerprint { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsSshFingerprint value)
    {
        value = default;
        if (!data.TryReadByte(out var algorithm)
            || !data.TryReadByte(out var fingerprintType))
            return false;
        value = new DnsSshFingerprint
        {
            Algorithm = algorithm,
            FingerprintType = fingerprintType,
            Fingerprint = data.ReadRest(),
        };
        return true;
    }
}
