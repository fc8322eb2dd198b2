using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Protocols.Tls;

/// <summary>The names that a certificate is for (RFC 6125: its subjectAltName only, never the common name).</summary>
public static class CertificateNames
{
    /// <summary>The DNS names in lower case, perhaps with *. in front, and the IP addresses as text; none without the extension.</summary>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions)
        {
            if (extension is not X509SubjectAlternativeNameExtension alternative)
                continue;
            foreach (var name in alternative.EnumerateDnsNames())
                names.Add(name.ToLowerInvariant());
            foreach (var address in alternative.EnumerateIPAddresses())
                names.Add(address.ToString());
        }

        return names;
    }
}
