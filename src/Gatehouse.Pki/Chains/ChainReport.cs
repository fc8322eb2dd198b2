using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Pki.Chains;

/// <summary>One certificate on the way from a server's own to an authority that is trusted.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Signer">Who signed it, in words; null when that certificate is not known.</param>
/// <param name="Origin">Where it came from, in words: sent by the server, or the system's trust store.</param>
/// <param name="Findings">What was looked at.</param>
public sealed record ChainStep(X509Certificate2 Certificate, string? Signer, string Origin, IReadOnlyList<Finding> Findings);

/// <summary>Whether a chain of certificates is good for a name, step by step.</summary>
/// <param name="Source">What was examined, in words.</param>
/// <param name="Name">The name that it should be for; null when none was asked for.</param>
/// <param name="Steps">The certificates, the server's own first.</param>
/// <param name="General">Findings that belong to no single certificate.</param>
public sealed record ChainReport(string Source, string? Name, IReadOnlyList<ChainStep> Steps, IReadOnlyList<Finding> General)
{
    /// <summary>True when a client that trusts what this system trusts accepts the chain.</summary>
    public bool IsGood => Findings.All(finding => finding.Level != FindingLevel.Fault);

    /// <summary>All findings.</summary>
    public IEnumerable<Finding> Findings => Steps.SelectMany(step => step.Findings).Concat(General);
}
