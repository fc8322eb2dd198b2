using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Chains;

/// <summary>
/// Examines a chain as a careful client does, and says what it looks at: 1 which certificate signed which, 2 the name, 3 the times, 4 keys and purposes,
/// 5 whether the end of the way is trusted, 6 what the platform's own check finds beyond that.
/// </summary>
public sealed class ChainExaminer
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    // Beyond this clients of Apple refuse a certificate of a public authority, and the CA/Browser Forum forbids it.
    private static readonly TimeSpan LongestPublicLife = TimeSpan.FromDays(398);

    private readonly TrustedRoots _trusted;
    private readonly DateTimeOffset _now;
    private readonly X509Certificate2? _localRoot;

    /// <summary>An examiner.</summary>
    /// <param name="trusted">Whom to trust.</param>
    /// <param name="now">At which time the certificates should be valid.</param>
    /// <param name="localRoot">The root of this machine's own authority, for better advice; null when there is none.</param>
    public ChainExaminer(TrustedRoots trusted, DateTimeOffset now, X509Certificate2? localRoot = null)
    {
        _trusted = trusted;
        _now = now;
        _localRoot = localRoot;
    }

    /// <summary>Examines a chain.</summary>
    /// <param name="presented">The chain.</param>
    /// <param name="name">The name that it should be good for; null not to look at names.</param>
    public ChainReport Examine(PresentedChain presented, CertificateName? name)
    {
        ArgumentNullException.ThrowIfNull(presented);
        var path = ChainPath.Find(presented, _trusted);
        var steps = new List<ChainStep>();
        for (var i = 0; i < path.Certificates.Count; i++)
            steps.Add(Step(presented, path, i, name));
        var general = new List<Finding>(presented.Notes);
        general.AddRange(Order(presented, path));
        var report = new ChainReport(presented.Source, name?.ToString(), steps, general);
        if (report.IsGood && Platform(presented, path) is { } more)
            general.Add(more);
        return report;
    }

    private ChainStep Step(PresentedChain presented, ChainPath path, int index, CertificateName? name)
    {
        var certificate = path.Certificates[index];
        var findings = new List<Finding>();
        var isLast = index == path.Certificates.Count - 1;
        var isTrusted = _trusted.Has(certificate);
        if (index == 0)
        {
            if (name is { } wanted)
                findings.Add(NameCheck.Examine(certificate, wanted));
            findings.Add(Purpose(certificate));
        }
        else
        {
            findings.AddRange(AuthorityChecks(certificate, index));
        }
        findings.Add(Validity(certificate));
        findings.AddRange(Strength(certificate, isRoot: isLast && isTrusted));
        if (index == 0 && isTrusted is false && certificate.NotAfter - certificate.NotBefore > LongestPublicLife)
            findings.Add(Finding.Note($"it lives {(certificate.NotAfter - certificate.NotBefore).TotalDays:0} days; some clients refuse more than 398 from a public authority"));
        string? signer = null;
        if (!isLast)
        {
            var next = path.Certificates[index + 1];
            signer = Words.Of(next.SubjectName);
            findings.Add(Signed(certificate, signer, path.Verdicts[index]));
        }
        else
        {
            findings.Add(End(certificate, isTrusted, presented));
        }
        var isSent = presented.Certificates.Any(sent => sent.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));
        return new ChainStep(certificate, signer, isSent ? $"from {presented.Source}" : $"from {_trusted.Where}", findings);
    }

    private static Finding Signed(X509Certificate2 certificate, string signer, SignatureVerdict verdict) => verdict switch
    {
        SignatureVerdict.Right => Finding.Good($"signed by {signer} ({CertificateSignature.Words(certificate)})"),
        SignatureVerdict.Wrong => Finding.Fault(
            $"says that {signer} signed it, but the signature is not right", "the file was damaged or forged, or the authority has a new key: get the certificate again"),
        _ => Finding.Fault($"signed by {signer} with {CertificateSignature.Words(certificate)}, which cannot be checked here", "use ECDSA or RSA with SHA-2"),
    };

    private Finding End(X509Certificate2 certificate, bool isTrusted, PresentedChain presented)
    {
        if (isTrusted)
            return Finding.Good($"trusted: it is in {_trusted.Where}");
        if (_localRoot is not null && certificate.RawDataMemory.Span.SequenceEqual(_localRoot.RawDataMemory.Span))
            return Finding.Fault("it is this machine's own authority, which nothing here trusts yet", "run: gatehouse ca install");
        var issuer = Words.Of(certificate.IssuerName);
        if (ChainPath.IsSelfIssued(certificate))
        {
            return certificate.RawDataMemory.Span.SequenceEqual(presented.Certificates[0].RawDataMemory.Span)
                ? Finding.Fault("it is signed by itself and by no authority, and so proves nothing", "use a certificate of an authority (gatehouse cert issue, or tls: auto)")
                : Finding.Fault($"this authority is not in {_trusted.Where}", "if it is yours, have clients trust it (--ca FILE here); else use an authority that they know");
        }
        if (_localRoot is not null && CertificateSignature.Check(certificate, _localRoot) == SignatureVerdict.Right)
            return Finding.Fault($"signed by {issuer}, this machine's own authority, which is not in {_trusted.Where}", "run: gatehouse ca install");
        var where = Words.IssuerAddress(certificate) is { } address ? $"; it is at {address}" : "";
        return Finding.Fault(
            $"signed by {issuer}, whose certificate was not sent and is not in {_trusted.Where}",
            $"the server must send that certificate after its own: append it to the chain file{where}");
    }

    // 3
    private Finding Validity(X509Certificate2 certificate)
    {
        var from = new DateTimeOffset(certificate.NotBefore.ToUniversalTime());
        var to = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        if (_now < from)
            return Finding.Fault($"not valid before {from:u}, which is in {Words.Span(from - _now)}", "check the clock of this machine, else wait");
        if (_now > to)
            return Finding.Fault($"expired at {to:u}, {Words.Span(_now - to)} ago", "renew it, and see why it was not renewed in time");
        var left = to - _now;
        var text = $"valid from {from:u} to {to:u}, for another {Words.Span(left)}";
        return left < (to - from) * 0.1 ? Finding.Note(text, "nine tenths of its life are over: renew it now") : Finding.Good(text);
    }

    // 4
    private static Finding Purpose(X509Certificate2 certificate)
    {
        var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        if (usage is not null && (usage.KeyUsages & (X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement)) == 0)
            return Finding.Fault($"its key may be used for {usage.KeyUsages} and not for TLS", "get a certificate with the key usage digitalSignature");
        var purposes = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        if (purposes is null)
            return Finding.Good("it is not bound to a purpose, so TLS servers may use it");
        var isForServers = purposes.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value is ServerAuth or "2.5.29.37.0");
        return isForServers
            ? Finding.Good("TLS servers may use it (extended key usage serverAuth)")
            : Finding.Fault(
                $"TLS servers may not use it: its purposes are {string.Join(", ", purposes.EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.FriendlyName ?? oid.Value))}",
                "get a certificate with the extended key usage serverAuth");
    }

    private static IEnumerable<Finding> AuthorityChecks(X509Certificate2 certificate, int below)
    {
        var basic = certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
        var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        if (basic is not { CertificateAuthority: true })
            yield return Finding.Fault("it is no authority and must not sign certificates (basicConstraints)", "sign with the authority's own certificate");
        else if (usage is not null && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign))
            yield return Finding.Fault("its key must not sign certificates (keyUsage without keyCertSign)", "sign with the authority's own certificate");
        else if (basic.HasPathLengthConstraint && basic.PathLengthConstraint < below - 1)
            yield return Finding.Fault($"it allows {basic.PathLengthConstraint} authorities below it and has {below - 1} (pathLenConstraint)", "sign with a higher authority");
        else
            yield return Finding.Good("it is an authority and may sign certificates");
    }

    private static IEnumerable<Finding> Strength(X509Certificate2 certificate, bool isRoot)
    {
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is { KeySize: < 2048 })
            yield return Finding.Fault($"its RSA key has {rsa.KeySize} bits, which can be broken", "make a new key: ECDSA P-256, or RSA with at least 2048 bits");
        // Nobody checks the signature of a root on itself.
        if (!isRoot && CertificateSignature.IsBroken(certificate))
            yield return Finding.Fault($"its signature is {CertificateSignature.Words(certificate)}, which can be forged", "get a certificate that is signed with SHA-2");
    }

    // 1
    private static IEnumerable<Finding> Order(PresentedChain presented, ChainPath path)
    {
        var onPath = presented.Certificates.Select(sent => IndexOf(path.Certificates, sent)).ToList();
        var used = onPath.Where(index => index >= 0).ToList();
        if (!used.SequenceEqual(used.Order()))
            yield return Finding.Note("the certificates are not in order: each should be followed by the one that signed it", "sort the chain file");
        var extra = onPath.Count(index => index < 0);
        if (extra > 0)
            yield return Finding.Note($"{extra} of the {presented.Certificates.Count} certificates lead nowhere and are sent in vain", "remove them from the chain file");
        if (presented.Certificates.Count > 1 && presented.Certificates.Any(sent => ChainPath.IsSelfIssued(sent) && IndexOf(path.Certificates, sent) > 0))
            yield return Finding.Note("the root itself is sent too; clients have their own copy or do not believe it", "leave it out of the chain file");
    }

    private static int IndexOf(IReadOnlyList<X509Certificate2> path, X509Certificate2 wanted)
    {
        for (var i = 0; i < path.Count; i++)
        {
            if (path[i].RawDataMemory.Span.SequenceEqual(wanted.RawDataMemory.Span))
                return i;
        }
        return -1;
    }

    // 6: name constraints, policies, unknown critical extensions.
    private Finding? Platform(PresentedChain presented, ChainPath path)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_trusted.Certificates.ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(presented.Certificates.ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = _now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        if (chain.Build(path.Certificates[0]))
            return null;
        var reasons = chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Where(text => text.Length > 0).Distinct();
        return Finding.Fault($"the platform's own check refuses the chain: {string.Join("; ", reasons)}", "look at the name constraints and critical extensions of the authorities");
    }
}
