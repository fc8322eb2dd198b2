using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Testing;

/// <summary>A certificate authority of the test's own, made with the platform's classes, so that nothing of it is code under test.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _root;

    /// <summary>A new authority with that common name.</summary>
    public TestAuthority(string name = "Test Authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(365));
    }

    /// <summary>The authority's own certificate in PEM.</summary>
    public string Pem => _root.ExportCertificatePem();

    /// <summary>The authority's own certificate in DER.</summary>
    public byte[] Der => _root.RawData;

    /// <summary>Issues a certificate for host names and addresses: its PEM, and its key's.</summary>
    public (string Certificate, string Key) Issue(params string[] names) => Issue(new TestLeaf { Names = names });

    /// <summary>Issues a certificate as told.</summary>
    public (string Certificate, string Key) Issue(TestLeaf leaf)
    {
        using var rsa = leaf.IsRsa ? RSA.Create(2048) : null;
        using var ecdsa = leaf.IsRsa ? null : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = leaf.Subject ?? "CN=" + (leaf.Names.Count > 0 ? leaf.Names[0] : "nobody");
        var request = rsa is not null
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, ecdsa!, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(leaf.IsClient ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1")], false));
        if (leaf.Names.Count > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var name in leaf.Names)
            {
                if (IPAddress.TryParse(name, out var address))
                    names.AddIpAddress(address);
                else
                    names.AddDnsName(name);
            }

            request.CertificateExtensions.Add(names.Build());
        }

        using var certificate = request.Create(
            _root.SubjectName, X509SignatureGenerator.CreateForECDsa(_root.GetECDsaPrivateKey()!), leaf.NotBefore, leaf.NotAfter, RandomNumberGenerator.GetBytes(8));
        return (certificate.ExportCertificatePem(), rsa?.ExportPkcs8PrivateKeyPem() ?? ecdsa!.ExportPkcs8PrivateKeyPem());
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();
}

/// <summary>What a <see cref="TestAuthority"/> is to issue.</summary>
public sealed record TestLeaf
{
    /// <summary>Host names and addresses of its subjectAltName; none for a certificate without one.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Its subject; by default the first name as CN.</summary>
    public string? Subject { get; init; }

    /// <summary>The first moment at which it is valid.</summary>
    public DateTimeOffset NotBefore { get; init; } = DateTimeOffset.UtcNow.AddDays(-10);

    /// <summary>The last moment at which it is valid.</summary>
    public DateTimeOffset NotAfter { get; init; } = DateTimeOffset.UtcNow.AddDays(30);

    /// <summary>True for RSA with 2048 bits, false for ECDSA P-256.</summary>
    public bool IsRsa { get; init; }

    /// <summary>True for a client's certificate, false for a server's.</summary>
    public bool IsClient { get; init; }
}
