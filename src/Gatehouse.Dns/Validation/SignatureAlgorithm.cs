using System.Security.Cryptography;

namespace Gatehouse.Dns.Validation;

/// <summary>The algorithms of keys and digests that are known here (RFC 8624). Ed25519 and Ed448 are not, for want of them in .NET: what is signed with nothing else counts as not signed.</summary>
internal static class SignatureAlgorithm
{
    private const byte RsaSha1 = 5;
    private const byte RsaSha1Nsec3 = 7;
    private const byte RsaSha256 = 8;
    private const byte RsaSha512 = 10;
    private const byte EcdsaP256 = 13;
    private const byte EcdsaP384 = 14;

    internal static bool IsKnown(byte algorithm) => algorithm is RsaSha1 or RsaSha1Nsec3 or RsaSha256 or RsaSha512 or EcdsaP256 or EcdsaP384;

    internal static bool IsKnownDigest(byte digest) => digest is 1 or 2 or 4;

    /// <summary>True when a signature over data is that of a key.</summary>
    internal static bool Verify(byte algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            return algorithm switch
            {
                RsaSha1 or RsaSha1Nsec3 => VerifyRsa(key, data, signature, HashAlgorithmName.SHA1),
                RsaSha256 => VerifyRsa(key, data, signature, HashAlgorithmName.SHA256),
                RsaSha512 => VerifyRsa(key, data, signature, HashAlgorithmName.SHA512),
                EcdsaP256 => VerifyEcdsa(key, data, signature, ECCurve.NamedCurves.nistP256, 32, HashAlgorithmName.SHA256),
                EcdsaP384 => VerifyEcdsa(key, data, signature, ECCurve.NamedCurves.nistP384, 48, HashAlgorithmName.SHA384),
                _ => false,
            };
        }
        catch (CryptographicException)
        {
            // A key that is none.
            return false;
        }
    }

    /// <summary>The digest of a key as DS records have it (RFC 4034 section 5.1.4); null for a kind that is not known.</summary>
    internal static byte[]? Digest(byte kind, ReadOnlySpan<byte> data) => kind switch
    {
#pragma warning disable CA5350 // RFC 8624 section 3.3: SHA-1 must still be understood in DS records, and is no longer made.
        1 => SHA1.HashData(data),
#pragma warning restore CA5350
        2 => SHA256.HashData(data),
        4 => SHA384.HashData(data),
        _ => null,
    };

    // RFC 3110 section 2: the length of the exponent in one byte, or in two behind a zero; exponent; modulus.
    private static bool VerifyRsa(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, HashAlgorithmName hash)
    {
        if (key.Length < 4)
            return false;
        var (length, at) = key[0] != 0 ? (key[0], 1) : ((key[1] << 8) | key[2], 3);
        // A modulus over 4096 bits only costs who checks it.
        if (key.Length <= at + length || length == 0 || key.Length - at - length > 512)
            return false;
        using var rsa = RSA.Create(new RSAParameters { Exponent = key.Slice(at, length).ToArray(), Modulus = key[(at + length)..].ToArray() });
        return rsa.VerifyData(data, signature, hash, RSASignaturePadding.Pkcs1);
    }

    private static bool VerifyEcdsa(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, ECCurve curve, int size, HashAlgorithmName hash)
    {
        if (key.Length != 2 * size || signature.Length != 2 * size)
            return false;
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = key[..size].ToArray(), Y = key[size..].ToArray() } });
        return ecdsa.VerifyData(data, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
