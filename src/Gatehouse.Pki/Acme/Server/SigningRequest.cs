using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Acme.Server;

/// <summary>A certificate signing request (RFC 2986) as it ends an order.</summary>
/// <param name="Key">The key that the certificate is for.</param>
/// <param name="Names">The names that it asks for.</param>
internal sealed record SigningRequest(PublicKey Key, IReadOnlySet<CertificateName> Names)
{
    private const string AlternativeNames = "2.5.29.17";

    /// <summary>Reads a request in base64url, whose signature proves that its maker has the key.</summary>
    /// <exception cref="AcmeRefusal">It is malformed, its signature is wrong, or its key is weak.</exception>
    public static SigningRequest Parse(string text)
    {
        CertificateRequest request;
        try
        {
            request = CertificateRequest.LoadSigningRequest(
                Base64Url.DecodeFromChars(text), HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1);
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException or NotSupportedException or ArgumentException)
        {
            throw Refuse($"The signing request cannot be read, or its signature is wrong: {exception.Message}");
        }
        CheckKey(request.PublicKey);
        var names = new HashSet<CertificateName>();
        foreach (var extension in request.CertificateExtensions.Where(extension => extension.Oid?.Value == AlternativeNames))
            names.UnionWith(SubjectNames.Of(extension.RawData));
        foreach (var part in request.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            // Older clients name the first host in the common name alone.
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == "2.5.4.3" && part.GetSingleElementValue() is { Length: > 0 } common)
                names.Add(CertificateName.TryParse(common, out var name, out _) ? name : throw Refuse($"The common name {common} is no host name."));
        }
        return new SigningRequest(request.PublicKey, names);
    }

    private static void CheckKey(PublicKey key)
    {
        using var rsa = key.GetRSAPublicKey();
        if (rsa is not null)
        {
            if (rsa.KeySize is < 2048 or > 8192)
                throw Refuse($"The RSA key has {rsa.KeySize} bits, expected 2048 to 8192.");
            return;
        }
        using var ec = key.GetECDsaPublicKey();
        if (ec is null || ec.KeySize is not (256 or 384))
            throw Refuse("The key is neither RSA nor ECDSA on P-256 or P-384.");
    }

    private static AcmeRefusal Refuse(string detail) => new(400, "badCSR", detail);
}
