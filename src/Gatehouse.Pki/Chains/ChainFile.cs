using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gatehouse.Pki.Storage;

namespace Gatehouse.Pki.Chains;

/// <summary>Certificates in a file, in PEM or DER.</summary>
public static class ChainFile
{
    // The bundle of all public roots has a quarter of a megabyte.
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Reads the certificates of a file.</summary>
    /// <exception cref="IOException">There is no such file, or no certificate in it.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static PresentedChain Read(string path)
    {
        var content = OwnFiles.Read(path, MaxBytes) ?? throw new FileNotFoundException($"{path}: no such file", path);
        return new PresentedChain(path, Parse(content, path), []);
    }

    private static List<X509Certificate2> Parse(byte[] content, string path)
    {
        try
        {
            var found = new X509Certificate2Collection();
            if (content.AsSpan().IndexOf("-----BEGIN "u8) >= 0)
                found.ImportFromPem(Encoding.Latin1.GetString(content));
            else
                found.Add(X509CertificateLoader.LoadCertificate(content));
            return found.Count > 0 ? [.. found] : throw new IOException($"{path}: found no certificate, expected PEM (-----BEGIN CERTIFICATE-----) or DER");
        }
        catch (CryptographicException exception)
        {
            throw new IOException($"{path}: found no certificate that can be read, expected PEM (-----BEGIN CERTIFICATE-----) or DER: {exception.Message}", exception);
        }
    }
}
