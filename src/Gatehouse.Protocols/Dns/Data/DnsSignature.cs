using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Data;

/// <summary>A signature over records (RFC 4034 section 3.1).</summary>
public readonly ref struct DnsSignature
{
    /// <summary>The type of the records.</summary>
    public DnsType TypeCovered { get; private init; }

    /// <summary>The key's algorithm.</summary>
    public byte Algorithm { get; private init; }

    /// <summary>Labels of the name that was signed: fewer than the record's when it comes of a wildcard.</summary>
    public byte Labels { get; private init; }

    /// <summary>The time to live that was signed.</summary>
    public uint OriginalTimeToLive { get; private init; }

    /// <summary>Seconds since 1970, in serial number arithmetic, of its last moment.</summary>
    public uint Expiration { get; private init; }

    /// <summary>Seconds since 1970, in serial number arithmetic, of its first moment.</summary>
    public uint Inception { get; private init; }

    /// <summary>The key's tag.</summary>
    public ushort KeyTag { get; private init; }

    /// <summary>The zone.</summary>
    public DnsNameSpan Signer { get; private init; }

    /// <summary>The signature as the algorithm has it.</summary>
    public ReadOnlySpan<byte> Signature { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsSignature value)
    {
        value = default;
        if (!data.TryReadUInt16(out var typeCovered)
            || !data.TryReadByte(out var algorithm)
            || !data.TryReadByte(out var labels)
            || !data.TryReadUInt32(out var originalTimeToLive)
            || !data.TryReadUInt32(out var expiration)
            || !data.TryReadUInt32(out var inception)
            || !data.TryReadUInt16(out var keyTag)
            || !data.TryReadName(out var signer))
            return false;
        value = new DnsSignature
        {
            TypeCovered = (DnsType)typeCovered,
            Algorithm = algorithm,
            Labels = labels,
            OriginalTimeToLive = originalTimeToLive,
            Expiration = expiration,
            Inception = inception,
            KeyTag = keyTag,
            Signer = signer,
            Signature = data.ReadRest(),
        };
        return true;
    }
}
