using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Keeping;

/// <summary>Is told what becomes of the certificates that are kept. Called from any thread.</summary>
public interface ICertificateEvents
{
    /// <summary>A certificate was issued and is served from now on.</summary>
    void OnIssued(IssuedCertificate certificate, string issuer, DateTimeOffset renewAt);

    /// <summary>None was issued; what was served before still is.</summary>
    void OnFailed(IReadOnlyList<CertificateName> names, string reason, DateTimeOffset retryAt);

    /// <summary>A certificate is served that could not be stored: it is lost when the process ends.</summary>
    void OnNotStored(IReadOnlyList<CertificateName> names, string reason);
}
