using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Authority;

/// <summary>The two kinds of certificate that the local authority makes (RFC 5280).</summary>
internal static class CertificateTemplate
{
    /// <summary>Clocks that are slow find a new certificate valid.</summary>
    public static readonly TimeSpan Backdating = TimeSpan.FromHours(1);

    private const int MaxCommonName = 64;
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    /// <summary>A root that signs leaves and no further authorities.</summary>
    public static X509Certificate2 Root(ECDsa key, string commonName, NameConstraints? constraints, DateTimeOffset now, TimeSpan lifetime)
    {
        var request = new CertificateRequest(Subject(("O", "Gatehouse local authority"), ("CN", commonName)), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (constraints is not null)
            request.CertificateExtensions.Add(constraints.Extension());
        return request.Create(request.SubjectName, X509SignatureGenerator.CreateForECDsa(key), now - Backdating, now + lifetime, SerialNumber());
    }

    /// <summary>A leaf for servers, signed by the root. Only the subjectAltName counts; the common name repeats its first name for people's eyes.</summary>
    public static X509Certificate2 Leaf(
        X509Certificate2 root, ECDsa rootKey, PublicKey publicKey, IReadOnlyList<CertificateName> names, bool forClients, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var shown = names[0].ToString();
        var subject = shown.Length <= MaxCommonName ? Subject(("CN", shown)) : Subject();
        var request = new CertificateRequest(subject, publicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        // TLS 1.2 with RSA key exchange would need keyEncipherment; it has no forward secrecy and is not offered.
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        var purposes = new OidCollection { new Oid(ServerAuth) };
        if (forClients)
            purposes.Add(new Oid(ClientAuth));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, critical: false));
        request.CertificateExtensions.Add(SubjectNames.Extension(names));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(publicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        return request.Create(root.SubjectName, X509SignatureGenerator.CreateForECDsa(rootKey), notBefore, notAfter, SerialNumber());
    }

    // Positive and of 16 bytes (RFC 5280 section 4.1.2.2): 126 bits of chance.
    private static byte[] SerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)(serial[0] & 0x7F | 0x40);
        return serial;
    }

    private static X500DistinguishedName Subject(params ReadOnlySpan<(string Key, string Value)> parts)
    {
        var builder = new X500DistinguishedNameBuilder();
        foreach (var (key, value) in parts)
        {
            if (key == "O")
                builder.AddOrganizationName(value);
            else
                builder.AddCommonName(value);
        }
        return builder.Build();
    }
}
