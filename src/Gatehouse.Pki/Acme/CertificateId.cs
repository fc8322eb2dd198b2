using System.Buffers.Text;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Pki.Acme;

/// <summary>How renewal information names a certificate (RFC 9773 section 4.1).</summary>
internal static class CertificateId
{
    /// <summary>The identifier of its authority's key and its serial number, in base64url with a dot between; null when the certificate names no such key.</summary>
    public static string? Of(X509Certificate2 certificate)
    {
        try
        {
            var authority = certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;
            return authority is { } key ? $"{Base64Url.EncodeToString(key.Span)}.{Base64Url.EncodeToString(certificate.SerialNumberBytes.Span)}" : null;
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            return null;
        }
    }
}
