using System.Security.Cryptography.X509Certificates;
using Gatehouse.Net.Interop;
using Gatehouse.Protocols.Tls;

namespace Gatehouse.Net.Tls;

/// <summary>What went wrong in a handshake, for people.</summary>
internal static class TlsFaults
{
    /// <summary>The fault of a connection, with what its certificate says where that was it.</summary>
    internal static string Describe(SslConnection ssl, string? name = null)
    {
        var (error, der) = ssl.Verification;
        if (error == 0)
            return ssl.Fault ?? "the connection failed";
        if (der is null)
            return SslErrors.Verification(error);
        using var certificate = X509CertificateLoader.LoadCertificate(der);
        if (error is SslConstants.VerifyHostMismatch or SslConstants.VerifyAddressMismatch)
            return Mismatch(certificate, name ?? "");
        return $"the certificate '{certificate.Subject}' is not accepted: {SslErrors.Verification(error)}{Dates(certificate)}";
    }

    private static string Mismatch(X509Certificate2 certificate, string name)
    {
        var names = CertificateNames.Of(certificate);
        return names.Count > 0
            ? $"the certificate is for {string.Join(", ", names.Take(10))}{(names.Count > 10 ? $" and {names.Count - 10} more" : "")}, not for {name}"
            : $"the certificate has no subjectAltName, only the subject '{certificate.Subject}', and names are looked for in subjectAltName alone: it is not for {name}";
    }

    private static string Dates(X509Certificate2 certificate)
    {
        var now = DateTime.Now;
        return now > certificate.NotAfter ? $" (it expired on {certificate.NotAfter:yyyy-MM-dd HH:mm:ss})"
            : now < certificate.NotBefore ? $" (it is valid from {certificate.NotBefore:yyyy-MM-dd HH:mm:ss})" : "";
    }
}
