using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Protocols.DnsCrypt;

/// <summary>
/// A certificate of a DNSCrypt server: its short-term key, for some hours, signed with the provider's long-term key. It is the content of a TXT record of
/// the provider's name.
/// </summary>
/// <remarks>
/// <c>cert-magic "DNSC" | es-version 2 | protocol-minor-version 2 | signature 64 | resolver-pk 32 | client-magic 8 | serial 4 | ts-start 4 | ts-end 4 | extensions</c>
/// </remarks>
public sealed record DnsCryptCertificate
{
    /// <summary>Bytes of a certificate without extensions.</summary>
    public const int Length = 124;

    /// <summary>Bytes of a public key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of the magic that queries begin with.</summary>
    public const int MagicLength = 8;

    /// <summary>Bytes of an Ed25519 signature.</summary>
    public const int SignatureLength = 64;

    private const int SignatureAt = 8;
    private const int SignedAt = SignatureAt + SignatureLength;

    /// <summary>How its boxes are made.</summary>
    public required DnsCryptConstruction Construction { get; init; }

    /// <summary>The server's short-term public key.</summary>
    public required ReadOnlyMemory<byte> ResolverKey { get; init; }

    /// <summary>What queries that are sealed for it begin with.</summary>
    public required ReadOnlyMemory<byte> ClientMagic { get; init; }

    /// <summary>Of several that are valid the one with the highest serial is used.</summary>
    public required uint Serial { get; init; }

    /// <summary>The first second at which it is valid, as Unix time.</summary>
    public required uint NotBefore { get; init; }

    /// <summary>The last second at which it is valid, as Unix time.</summary>
    public required uint NotAfter { get; init; }

    /// <summary>The part that is signed.</summary>
    public static ReadOnlySpan<byte> SignedPart(ReadOnlySpan<byte> certificate) => certificate[SignedAt..];

    /// <summary>The signature.</summary>
    public static ReadOnlySpan<byte> Signature(ReadOnlySpan<byte> certificate) => certificate.Slice(SignatureAt, SignatureLength);

    /// <summary>Reads a certificate; whose it is the caller checks by the signature.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DnsCryptCertificate? certificate, [NotNullWhen(false)] out string? fault)
    {
        certificate = null;
        fault = bytes.Length < Length ? $"found a certificate of {bytes.Length} bytes, expected at least {Length}"
            : !bytes.StartsWith("DNSC"u8) ? "found a certificate that does not begin with DNSC"
            : BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]) is not (1 or 2) and var version ? $"found a certificate of construction {version}, expected 1 or 2"
            : null;
        if (fault is not null)
            return false;
        var signed = SignedPart(bytes);
        certificate = new DnsCryptCertificate
        {
            Construction = (DnsCryptConstruction)BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]),
            ResolverKey = signed[..KeyLength].ToArray(),
            ClientMagic = signed.Slice(KeyLength, MagicLength).ToArray(),
            Serial = BinaryPrimitives.ReadUInt32BigEndian(signed[40..]),
            NotBefore = BinaryPrimitives.ReadUInt32BigEndian(signed[44..]),
            NotAfter = BinaryPrimitives.ReadUInt32BigEndian(signed[48..]),
        };
        fault = certificate.NotAfter < certificate.NotBefore ? "found a certificate that ends before it begins"
            : IsReserved(certificate.ClientMagic.Span) ? "found a certificate whose client magic is reserved" : null;
        if (fault is null)
            return true;
        certificate = null;
        return false;
    }

    /// <summary>Writes it with an empty signature, to be signed: <see cref="SignedPart"/> with the provider's key into <see cref="Signature"/>'s place.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes[..Length].Clear();
        "DNSC"u8.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], (ushort)Construction);
        var signed = bytes[SignedAt..];
        ResolverKey.Span.CopyTo(signed);
        ClientMagic.Span.CopyTo(signed[KeyLength..]);
        BinaryPrimitives.WriteUInt32BigEndian(signed[40..], Serial);
        BinaryPrimitives.WriteUInt32BigEndian(signed[44..], NotBefore);
        BinaryPrimitives.WriteUInt32BigEndian(signed[48..], NotAfter);
    }

    /// <summary>Writes <paramref name="signature"/> into a certificate.</summary>
    public static void WriteSignature(Span<byte> certificate, ReadOnlySpan<byte> signature) => signature[..SignatureLength].CopyTo(certificate[SignatureAt..]);

    /// <summary>True at that second of Unix time.</summary>
    public bool IsValidAt(long unixSeconds) => unixSeconds >= NotBefore && unixSeconds <= NotAfter;

    /// <summary>True when it is to be used rather than <paramref name="other"/>: a higher serial, or the newer construction under the same.</summary>
    public bool IsBetterThan(DnsCryptCertificate? other) =>
        other is null || Serial > other.Serial || (Serial == other.Serial && Construction > other.Construction);

    // Seven zeros begin what is DNS over QUIC or a relay's, and eight 0xFF what an anonymized query begins with.
    private static bool IsReserved(ReadOnlySpan<byte> magic) => magic[..7].IndexOfAnyExcept((byte)0) < 0 || magic.IndexOfAnyExcept((byte)0xFF) < 0;
}
