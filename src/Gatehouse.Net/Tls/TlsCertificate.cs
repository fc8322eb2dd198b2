using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Net.Interop;
using Gatehouse.Protocols.Tls;

namespace Gatehouse.Net.Tls;

/// <summary>
/// A certificate with the chain up to its authority, the private key, and a staple where one is given. Immutable; may be used by all reactors at once.
/// </summary>
public sealed class TlsCertificate
{
    /// <summary>A certificate in binary form.</summary>
    /// <param name="chain">The server's own certificate, then each issuer, without the root; DER.</param>
    /// <param name="privateKey">Its key: DER of PKCS#8, SEC 1 (EC) or PKCS#1 (RSA).</param>
    /// <param name="staple">An OCSP response for it in DER; empty for none.</param>
    /// <exception cref="CryptographicException">A certificate cannot be read; the message says which.</exception>
    public TlsCertificate(IReadOnlyList<ReadOnlyMemory<byte>> chain, ReadOnlyMemory<byte> privateKey, ReadOnlyMemory<byte> staple = default)
    {
        if (chain.Count == 0)
            throw new CryptographicException("Expected at least one certificate; found none.");
        Chain = chain;
        PrivateKey = privateKey;
        Staple = staple;
        using var leaf = X509CertificateLoader.LoadCertificate(chain[0].Span);
        Names = CertificateNames.Of(leaf);
        NotBefore = new DateTimeOffset(leaf.NotBefore);
        NotAfter = new DateTimeOffset(leaf.NotAfter);
        Subject = leaf.Subject;
    }

    /// <summary>The server's own certificate, then each issuer; DER.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chain { get; }

    /// <summary>The OCSP response that is sent to clients who ask for one (RFC 6066 section 8); empty for none.</summary>
    public ReadOnlyMemory<byte> Staple { get; }

    /// <summary>The DNS names (lower case, perhaps with a *. in front) and IP addresses of its subjectAltName.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The first moment at which it is valid.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>The last moment at which it is valid.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>The distinguished name of its subject.</summary>
    public string Subject { get; }

    /// <summary>DER of the key.</summary>
    internal ReadOnlyMemory<byte> PrivateKey { get; }

    /// <summary>Reads a certificate and its key from PEM, as certbot, step and openssl write them.</summary>
    /// <param name="chain">One or more CERTIFICATE blocks, the server's own first.</param>
    /// <param name="key">A PRIVATE KEY, EC PRIVATE KEY or RSA PRIVATE KEY block; may stand in the same text as the chain.</param>
    /// <param name="staple">An OCSP response for it in DER; empty for none.</param>
    /// <exception cref="CryptographicException">A block is missing, encrypted or cannot be read; the message says which.</exception>
    public static TlsCertificate FromPem(ReadOnlySpan<char> chain, ReadOnlySpan<char> key, ReadOnlyMemory<byte> staple = default) =>
        new(PemText.Certificates(chain), PemText.PrivateKey(key), staple);

    /// <summary>Reads a certificate and its key from files.</summary>
    /// <param name="chain">File of the chain in PEM, the server's own certificate first.</param>
    /// <param name="key">File of the private key in PEM.</param>
    /// <param name="staple">File of an OCSP response in DER; null for none.</param>
    /// <exception cref="CryptographicException">A file cannot be read or holds something else; the message names it.</exception>
    public static TlsCertificate FromFiles(string chain, string key, string? staple = null)
    {
        var certificates = TlsFile.Read(chain, static text => PemText.Certificates(text));
        var secret = TlsFile.Read(key, static text => PemText.PrivateKey(text));
        return new TlsCertificate(certificates, secret, staple is null ? default : TlsFile.ReadBytes(staple));
    }

    /// <summary>Reads certificates of authorities from a file: a bundle in PEM.</summary>
    /// <exception cref="CryptographicException">It cannot be read or holds none; the message names it.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> AuthoritiesFromFile(string path) =>
        TlsFile.Read(path, static text => PemText.Certificates(text, PemText.MostAuthorities));

    /// <summary>Says why a server or client should not present it: the key is another's, or it is not valid at <paramref name="now"/>.</summary>
    /// <exception cref="CryptographicException">One of these is so; the message says which.</exception>
    public void Check(DateTimeOffset now)
    {
        using (var context = SslContext.ForServer())
            context.Use(Chain, PrivateKey.Span);
        if (now > NotAfter)
            throw new CryptographicException($"The certificate '{Subject}' has expired: it was valid until {NotAfter.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.");
        if (now < NotBefore)
            throw new CryptographicException($"The certificate '{Subject}' is not valid before {NotBefore.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.");
    }
}
