using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Pki.Names;

/// <summary>The names in a certificate's subjectAltName.</summary>
public static class SubjectNames
{
    /// <summary>The DNS names and IP addresses; what is neither, or is malformed, is left out.</summary>
    public static IReadOnlyList<CertificateName> Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.Extensions["2.5.29.17"] is { } extension ? Of(extension.RawData) : [];
    }

    /// <summary>The DNS names and IP addresses in the value of a subjectAltName extension.</summary>
    internal static IReadOnlyList<CertificateName> Of(byte[] extension)
    {
        var names = new List<CertificateName>();
        try
        {
            var parsed = new X509SubjectAlternativeNameExtension(extension);
            foreach (var text in parsed.EnumerateDnsNames())
            {
                if (CertificateName.TryParse(text, out var name, out _) && !name.IsAddress)
                    names.Add(name);
            }
            foreach (var address in parsed.EnumerateIPAddresses())
            {
                if (address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
                    names.Add(CertificateName.Of(IpAddress.FromIPAddress(address)));
            }
        }
        catch (CryptographicException)
        {
            return names;
        }
        return names;
    }

    /// <summary>A subjectAltName with these names.</summary>
    internal static X509Extension Extension(IEnumerable<CertificateName> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (name.IsAddress)
                builder.AddIpAddress(name.Address.ToIPAddress());
            else
                builder.AddDnsName(name.ToString());
        }
        return builder.Build(critical: false);
    }
}
