using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Acme.Challenges;

/// <summary>One way to prove control over a name (RFC 8555 section 8).</summary>
public interface IChallengeSolver
{
    /// <summary>Its type: http-01, tls-alpn-01, dns-01.</summary>
    string Type { get; }

    /// <summary>True when it can prove control over <paramref name="name"/>.</summary>
    bool CanProve(CertificateName name, bool isWildcard);

    /// <summary>Puts the proof in place; disposing of the result takes it away.</summary>
    /// <param name="name">The name, without the star of a wildcard.</param>
    /// <param name="token">The challenge's token.</param>
    /// <param name="keyAuthorization">Token and thumbprint of the account's key.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IssueException">It cannot be put in place.</exception>
    Task<IAsyncDisposable> PresentAsync(CertificateName name, string token, string keyAuthorization, CancellationToken cancellation);
}
