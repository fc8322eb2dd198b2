using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Tests.Chains;

/// <summary>Makes chains with faults that no authority should make.</summary>
internal sealed class TestCertificate
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public TestCertificate(TestCertificate? issuer, string commonName, Action<Options>? change = null)
    {
        var options = new Options();
        change?.Invoke(options);
        using var rsa = options.RsaBits > 0 ? RSA.Create(options.RsaBits) : null;
        Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = rsa is null ? new PublicKey(Key) : new PublicKey(rsa);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={commonName}"), publicKey, options.Hash);
        if (options.Names.Length > 0)
            request.CertificateExtensions.Add(SubjectNames.Extension(options.Names.Select(CertificateName.Parse)));
        if (options.IsAuthority)
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, options.PathLength >= 0, Math.Max(0, options.PathLength), true));
        if (options.Usage != X509KeyUsageFlags.None)
            request.CertificateExtensions.Add(new X509KeyUsageExtension(options.Usage, true));
        if (options.Purpose.Length > 0)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(options.Purpose)], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(publicKey, false));
        foreach (var extension in options.Extensions)
            request.CertificateExtensions.Add(extension);
        var signer = X509SignatureGenerator.CreateForECDsa(options.SignWith ?? issuer?.Key ?? Key);
        Certificate = request.Create(issuer?.Certificate.SubjectName ?? request.SubjectName, signer, options.From, options.To, RandomNumberGenerator.GetBytes(8));
    }

    public ECDsa Key { get; }

    public X509Certificate2 Certificate { get; }

    public static TestCertificate Authority(TestCertificate? issuer, string name, Action<Options>? change = null) => new(issuer, name, options =>
    {
        options.IsAuthority = true;
        options.Names = [];
        options.Purpose = "";
        options.Usage = X509KeyUsageFlags.KeyCertSign;
        change?.Invoke(options);
    });

    internal sealed class Options
    {
        public string[] Names { get; set; } = ["shop.test"];

        public bool IsAuthority { get; set; }

        public int PathLength { get; set; } = -1;

        public X509KeyUsageFlags Usage { get; set; } = X509KeyUsageFlags.DigitalSignature;

        public string Purpose { get; set; } = "1.3.6.1.5.5.7.3.1";

        public int RsaBits { get; set; }

        public HashAlgorithmName Hash { get; set; } = HashAlgorithmName.SHA256;

        public DateTimeOffset From { get; set; } = Now.AddDays(-10);

        public DateTimeOffset To { get; set; } = Now.AddDays(80);

        public ECDsa? SignWith { get; set; }

        public List<X509Extension> Extensions { get; } = [];
    }
}
