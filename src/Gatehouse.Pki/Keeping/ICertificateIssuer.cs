using Gatehouse.Pki.Acme.Client;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Keeping;

/// <summary>Where certificates come from: the local authority, or an ACME server. Usable from any thread.</summary>
public interface ICertificateIssuer
{
    /// <summary>Who it is, in words that stay the same: certificates are stored by it.</summary>
    string Name { get; }

    /// <summary>True when it answers at once and from this machine alone, so that a server may wait for it before it starts.</summary>
    bool IsImmediate { get; }

    /// <summary>Issues a certificate.</summary>
    /// <param name="names">The names; at least one.</param>
    /// <param name="replaced">The certificate that it takes the place of; null for the first.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IssueException">There is none; the message says why.</exception>
    Task<IssuedCertificate> IssueAsync(IReadOnlyList<CertificateName> names, IssuedCertificate? replaced, CancellationToken cancellation);

    /// <summary>When it would like a certificate to be renewed; null when it has no wish.</summary>
    /// <exception cref="IssueException">It could not be asked.</exception>
    Task<RenewalWindow?> RenewalWindowAsync(IssuedCertificate certificate, CancellationToken cancellation);
}
