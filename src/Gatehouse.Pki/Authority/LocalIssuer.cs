using System.Security.Cryptography;
using Gatehouse.Pki.Acme.Client;
using Gatehouse.Pki.Keeping;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Authority;

/// <summary>Certificates from the local authority, which is made when there is none.</summary>
/// <param name="state">The state folder.</param>
/// <param name="clock">The time.</param>
public sealed class LocalIssuer(string state, TimeProvider? clock = null) : ICertificateIssuer
{
    private readonly Lock _finding = new();
    private LocalAuthority? _authority;

    /// <inheritdoc/>
    public string Name => "the local authority";

    /// <inheritdoc/>
    public bool IsImmediate => true;

    /// <summary>The state folder.</summary>
    public string State => state;

    /// <summary>The authority.</summary>
    /// <exception cref="IssueException">It is damaged, or cannot be made.</exception>
    public LocalAuthority Authority
    {
        get
        {
            lock (_finding)
            {
                try
                {
                    return _authority ??= LocalAuthority.FindOrCreate(state, clock);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
                {
                    throw new IssueException(exception.Message, exception);
                }
            }
        }
    }

    /// <inheritdoc/>
    public Task<IssuedCertificate> IssueAsync(IReadOnlyList<CertificateName> names, IssuedCertificate? replaced, CancellationToken cancellation) =>
        Task.FromResult(Authority.Issue(names));

    /// <inheritdoc/>
    public Task<RenewalWindow?> RenewalWindowAsync(IssuedCertificate certificate, CancellationToken cancellation) => Task.FromResult<RenewalWindow?>(null);
}
