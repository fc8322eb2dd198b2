using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Bench.Servers;

/// <summary>The certificate that every server of a TLS row presents, its key, and what they are to agree on with every client.</summary>
internal sealed record TlsFiles(string Certificate, string Key, string Both, ReadOnlyMemory<byte> Der)
{
    /// <summary>Suites of TLS 1.3 in the order that Gatehouse prefers, by their names in the registry.</summary>
    public const string Suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

    /// <summary>Suites of TLS 1.2 likewise, by OpenSSL's names.</summary>
    public const string Ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305";

    /// <summary>The version that the row's load speaks.</summary>
    public SslProtocols Version { get; init; } = SslProtocols.Tls13;

    /// <summary>Makes a certificate for 127.0.0.1 with a key on P-256, signed by itself, in a folder.</summary>
    public static TlsFiles Create(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));

        Directory.CreateDirectory(folder);
        var files = new TlsFiles(Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"), Path.Combine(folder, "both.pem"), certificate.RawData);
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem() + "\n");
        WritePrivately(files.Key, key.ExportPkcs8PrivateKeyPem() + "\n");
        WritePrivately(files.Both, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return files;
    }

    private static void WritePrivately(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
