using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Protocols.Tls;

/// <summary>The certificate that the other side of a connection proved to own. Its parts are read when someone asks.</summary>
public sealed class TlsPeer
{
    private Parts? _parts;

    /// <summary>The peer that owns a certificate, in DER.</summary>
    public TlsPeer(byte[] certificate)
    {
        Certificate = certificate;
    }

    /// <summary>The certificate in DER.</summary>
    public ReadOnlyMemory<byte> Certificate { get; }

    /// <summary>The distinguished name of its subject.</summary>
    public string Subject => Read.Subject;

    /// <summary>The distinguished name of its issuer.</summary>
    public string Issuer => Read.Issuer;

    /// <summary>The serial number in hexadecimal.</summary>
    public string SerialNumber => Read.SerialNumber;

    /// <summary>SHA-256 of the certificate in lower-case hexadecimal.</summary>
    public string Fingerprint => Read.Fingerprint;

    /// <summary>The DNS names and IP addresses of its subjectAltName.</summary>
    public IReadOnlyList<string> Names => Read.Names;

    /// <summary>The last moment at which it is valid.</summary>
    public DateTimeOffset NotAfter => Read.NotAfter;

    // Two threads that ask at once may both read them, and find the same.
    private Parts Read => _parts ??= new Parts(Certificate.ToArray());

    private sealed class Parts
    {
        internal Parts(byte[] der)
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            Subject = certificate.Subject;
            Issuer = certificate.Issuer;
            SerialNumber = certificate.SerialNumber;
            Fingerprint = Convert.ToHexStringLower(SHA256.HashData(der));
            Names = CertificateNames.Of(certificate);
            NotAfter = new DateTimeOffset(certificate.NotAfter);
        }

        internal string Subject { get; }

        internal string Issuer { get; }

        internal string SerialNumber { get; }

        internal string Fingerprint { get; }

        internal IReadOnlyList<string> Names { get; }

        internal DateTimeOffset NotAfter { get; }
    }
}
