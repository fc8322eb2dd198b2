using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Pki.Chains;

/// <summary>The way from a server's certificate towards a trusted one: each is signed by the next.</summary>
/// <param name="Certificates">The certificates, the server's own first.</param>
/// <param name="Verdicts">For each but the last, whether the next one's key signed it.</param>
internal sealed record ChainPath(IReadOnlyList<X509Certificate2> Certificates, IReadOnlyList<SignatureVerdict> Verdicts)
{
    // Public chains have three or four certificates; whoever sends more does not get more work for it.
    private const int MaxLength = 10;

    public static ChainPath Find(PresentedChain presented, TrustedRoots trusted)
    {
        var path = new List<X509Certificate2> { presented.Certificates[0] };
        var verdicts = new List<SignatureVerdict>();
        while (path.Count < MaxLength && !trusted.Has(path[^1]) && !IsSelfIssued(path[^1]))
        {
            var candidates = trusted.Certificates.Concat(presented.Certificates).Where(other => MayHaveSigned(other, path[^1]) && !path.Contains(other))
                .Select(other => (Certificate: other, Verdict: CertificateSignature.Check(path[^1], other)))
                .OrderBy(candidate => candidate.Verdict == SignatureVerdict.Right ? 0 : 1).ToList();
            if (candidates.Count == 0)
                break;
            path.Add(candidates[0].Certificate);
            verdicts.Add(candidates[0].Verdict);
        }
        return new ChainPath(path, verdicts);
    }

    public static bool IsSelfIssued(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    // The names must be the same, and the key identifiers where both are there (RFC 5280 section 4.2.1.1).
    private static bool MayHaveSigned(X509Certificate2 signer, X509Certificate2 certificate)
    {
        if (!signer.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))
            return false;
        var wanted = certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;
        var found = signer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes;
        return wanted is null || found is null || wanted.Value.Span.SequenceEqual(found.Value.Span);
    }
}
