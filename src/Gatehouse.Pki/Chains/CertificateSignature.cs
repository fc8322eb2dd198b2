using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Pki.Chains;

/// <summary>Whether a signature is right.</summary>
internal enum SignatureVerdict
{
    /// <summary>It is.</summary>
    Right,

    /// <summary>It is not: other bytes were signed, or with another key.</summary>
    Wrong,

    /// <summary>The platform does not know the algorithm.</summary>
    Unknown,
}

/// <summary>Checks the signature on one certificate with the public key of another (RFC 5280 section 4.1.1.3); the platform only checks whole chains.</summary>
internal static class CertificateSignature
{
    private const string Pss = "1.2.840.113549.1.1.10";

    private static readonly Dictionary<string, (HashAlgorithmName Hash, string Words)> Algorithms = new()
    {
        ["1.2.840.10045.4.3.2"] = (HashAlgorithmName.SHA256, "ECDSA with SHA-256"),
        ["1.2.840.10045.4.3.3"] = (HashAlgorithmName.SHA384, "ECDSA with SHA-384"),
        ["1.2.840.10045.4.3.4"] = (HashAlgorithmName.SHA512, "ECDSA with SHA-512"),
        ["1.2.840.10045.4.1"] = (HashAlgorithmName.SHA1, "ECDSA with SHA-1"),
        ["1.2.840.113549.1.1.11"] = (HashAlgorithmName.SHA256, "RSA with SHA-256"),
        ["1.2.840.113549.1.1.12"] = (HashAlgorithmName.SHA384, "RSA with SHA-384"),
        ["1.2.840.113549.1.1.13"] = (HashAlgorithmName.SHA512, "RSA with SHA-512"),
        ["1.2.840.113549.1.1.5"] = (HashAlgorithmName.SHA1, "RSA with SHA-1"),
        ["1.2.840.113549.1.1.4"] = (HashAlgorithmName.MD5, "RSA with MD5"),
    };

    private static readonly Dictionary<string, HashAlgorithmName> Hashes = new()
    {
        ["1.3.14.3.2.26"] = HashAlgorithmName.SHA1,
        ["2.16.840.1.101.3.4.2.1"] = HashAlgorithmName.SHA256,
        ["2.16.840.1.101.3.4.2.2"] = HashAlgorithmName.SHA384,
        ["2.16.840.1.101.3.4.2.3"] = HashAlgorithmName.SHA512,
    };

    /// <summary>The algorithm in words.</summary>
    public static string Words(X509Certificate2 certificate)
    {
        var oid = certificate.SignatureAlgorithm;
        return Algorithms.TryGetValue(oid.Value ?? "", out var known) ? known.Words : oid.Value == Pss ? "RSA-PSS" : oid.FriendlyName ?? oid.Value ?? "unknown";
    }

    /// <summary>True for an algorithm whose signatures can be forged.</summary>
    public static bool IsBroken(X509Certificate2 certificate) =>
        Algorithms.TryGetValue(certificate.SignatureAlgorithm.Value ?? "", out var known) && (known.Hash == HashAlgorithmName.SHA1 || known.Hash == HashAlgorithmName.MD5);

    /// <summary>Whether <paramref name="signer"/>'s key signed <paramref name="certificate"/>.</summary>
    public static SignatureVerdict Check(X509Certificate2 certificate, X509Certificate2 signer)
    {
        try
        {
            var outer = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
            var signed = outer.ReadEncodedValue();
            var algorithm = outer.ReadSequence();
            var oid = algorithm.ReadObjectIdentifier();
            var signature = outer.ReadBitString(out _);
            var isPss = oid == Pss;
            HashAlgorithmName hash;
            if (isPss)
                hash = PssHash(algorithm);
            else if (Algorithms.TryGetValue(oid, out var known))
                hash = known.Hash;
            else
                return SignatureVerdict.Unknown;
            if (signer.GetECDsaPublicKey() is { } ec)
            {
                using (ec)
                    return Verdict(ec.VerifyData(signed.Span, signature, hash, DSASignatureFormat.Rfc3279DerSequence));
            }
            if (signer.GetRSAPublicKey() is not { } rsa)
                return SignatureVerdict.Unknown;
            using (rsa)
                return Verdict(rsa.VerifyData(signed.Span, signature, hash, isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1));
        }
        catch (AsnContentException)
        {
            return SignatureVerdict.Wrong;
        }
        catch (CryptographicException)
        {
            return SignatureVerdict.Unknown;
        }
    }

    private static SignatureVerdict Verdict(bool isRight) => isRight ? SignatureVerdict.Right : SignatureVerdict.Wrong;

    // RSASSA-PSS-params (RFC 4055 section 3.1): [0] is the hash, SHA-1 when it is missing.
    private static HashAlgorithmName PssHash(AsnReader algorithm)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        var parameters = algorithm.ReadSequence();
        if (!parameters.HasData || !parameters.PeekTag().HasSameClassAndValue(tag))
            return HashAlgorithmName.SHA1;
        var oid = parameters.ReadSequence(tag).ReadSequence().ReadObjectIdentifier();
        return Hashes.TryGetValue(oid, out var hash) ? hash : throw new CryptographicException($"unknown hash {oid}");
    }
}
