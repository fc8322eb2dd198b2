namespace Gatehouse.Protocols.Dns.Data;

/// <summary>A certificate of a TLS server (RFC 6698 section 2.1).</summary>
public readonly ref struct DnsTlsa
{
    /// <summary>Whose certificate it is.</summary>
    public byte Usage { get; private init; }

    /// <summary>0 the certificate, 1 its public key.</summary>
    public byte Selector { get; private init; }

    /// <summary>0 itself, 1 its SHA-256, 2 its SHA-512.</summary>
    public byte MatchingType { get; private init; }

    /// <summary>The certificate, the key or its digest.</summary>
    public ReadOnlySpan<byte> Association { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsTlsa value)
    {
        value = default;
        if (!data.TryReadByte(out var usage)
            || !data.TryReadByte(out var selector)
            || !data.TryReadByte(out var matchingType))
            return false;
        value = new DnsTlsa
        {
            Usage = usage,
            Selector = selector,
            MatchingType = matchingType,
            Association = data.ReadRest(),
        };
        return true;
    }
}
