using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Protocols.Tls;

/// <summary>The certificate that the other side of a connection proved to own. Its parts are read when someone asks.</summary>
public sealed class TlsPeer
{
    private readonly Lazy<Parts> _parts;

    /// <summary>The peer that owns a certificate, in DER.</summary>
    public TlsPeer(byte[] certificate)
    {
        Certificate = certificate;
        _parts = new Lazy<Parts>(() => new Parts(certificate), isThreadSafe: true);
    }

    /// <summary>The certificate in DER.</summary>
    public ReadOnlyMemory<byte> Certificate { get; }

    /// <summary>The distinguished name of its subject.</summary>
    public string Subject => _parts.Value.Subject;

    /// <summary>The distinguished name of its issuer.</summary>
    public string Issuer => _parts.Value.Issuer;

    /// <summary>The serial number in hexadecimal.</summary>
    public string SerialNumber => _parts.Value.SerialNumber;

    /// <summary>SHA-256 of the certificate in lower-case hexadecimal.</summary>
    public string Fingerprint => _parts.Value.Fingerprint;

    /// <summary>The DNS names and IP addresses of its subjectAltName.</summary>
    public IReadOnlyList<string> Names => _parts.Value.Names;

    /// <summary>The last moment at which it is valid.</summary>
    public DateTimeOffset NotAfter => _parts.Value.NotAfter;

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
