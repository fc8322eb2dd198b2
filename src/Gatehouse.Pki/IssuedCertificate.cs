using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gatehouse.Pki.Names;
using Gatehouse.Pki.Storage;

namespace Gatehouse.Pki;

/// <summary>A certificate with its private key and the certificates that lead to its authority: what a TLS server presents. Immutable.</summary>
public sealed class IssuedCertificate
{
    private IssuedCertificate(X509Certificate2 leaf, string chainPem, string keyPem, IReadOnlyList<CertificateName> names)
    {
        Leaf = leaf;
        ChainPem = chainPem;
        KeyPem = keyPem;
        Names = names;
        NotBefore = leaf.NotBefore.ToUniversalTime();
        NotAfter = leaf.NotAfter.ToUniversalTime();
    }

    /// <summary>The certificate itself, without its key.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>The certificate and those that lead to the authority, in the order in which they are sent, in PEM.</summary>
    public string ChainPem { get; }

    /// <summary>The private key, PKCS #8 in PEM.</summary>
    public string KeyPem { get; }

    /// <summary>The names of its subjectAltName.</summary>
    public IReadOnlyList<CertificateName> Names { get; }

    /// <summary>From when on it is valid.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>Until when it is valid.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>When two thirds of its life are over.</summary>
    public DateTimeOffset TwoThirds => NotBefore + (NotAfter - NotBefore) * (2.0 / 3);

    /// <summary>Reads a chain and its key.</summary>
    /// <param name="chainPem">The certificate, then those that lead to its authority.</param>
    /// <param name="keyPem">The private key: PKCS #8, or the older forms for EC and RSA.</param>
    /// <exception cref="CryptographicException">One of them cannot be read, or they do not belong together.</exception>
    public static IssuedCertificate FromPem(string chainPem, string keyPem)
    {
        ArgumentNullException.ThrowIfNull(chainPem);
        ArgumentNullException.ThrowIfNull(keyPem);
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(chainPem);
            if (chain.Count == 0)
                throw new CryptographicException("found no certificate, expected one in PEM (-----BEGIN CERTIFICATE-----)");
            // Throws when the key is another's.
            X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), keyPem).Dispose();
        }
        catch (ArgumentException exception)
        {
            throw new CryptographicException($"the private key does not belong to the certificate: {exception.Message}", exception);
        }
        var text = new StringBuilder();
        foreach (var certificate in chain)
            text.Append(certificate.ExportCertificatePem()).Append('\n');
        return new IssuedCertificate(chain[0], text.ToString(), PemPart(keyPem), SubjectNames.Of(chain[0]));
    }

    /// <summary>Reads what <see cref="Save(string)"/> has written; null when there is no such file.</summary>
    /// <exception cref="CryptographicException">The file holds no certificate with its key.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IssuedCertificate? Load(string path)
    {
        if (OwnFiles.Read(path) is not { } content)
            return null;
        var text = Encoding.ASCII.GetString(content);
        return FromPem(text, text);
    }

    /// <summary>Writes certificates and key into one file, so that they can never be of two minds, readable by its owner alone.</summary>
    /// <exception cref="IOException">It could not be written; the old file is untouched.</exception>
    public void Save(string path) => OwnFiles.Write(path, Encoding.ASCII.GetBytes(ChainPem + KeyPem + "\n"));

    /// <summary>Writes the certificates into one file, for all to read, and the key into another, for its owner alone.</summary>
    /// <exception cref="IOException">One could not be written.</exception>
    public void Save(string chainPath, string keyPath)
    {
        OwnFiles.Write(keyPath, Encoding.ASCII.GetBytes(KeyPem + "\n"));
        OwnFiles.Write(chainPath, Encoding.ASCII.GetBytes(ChainPem), OwnFiles.FileMode | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    // The first private key of a text that may also hold certificates.
    private static string PemPart(string text)
    {
        foreach (var found in PemFields(text))
        {
            if (found.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
                return found.Text;
        }
        throw new CryptographicException("found no private key, expected one in PEM (-----BEGIN PRIVATE KEY-----)");
    }

    private static IEnumerable<(string Label, string Text)> PemFields(string text)
    {
        for (var rest = text; PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
            yield return (rest[fields.Label], rest[fields.Location]);
    }
}
