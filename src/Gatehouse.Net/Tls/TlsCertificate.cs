using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

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
        Names = TlsNames.Of(leaf);
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
}
