using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gatehouse.Pki.Authority;
using Gatehouse.Pki.Chains;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Tests.Chains;

/// <summary>Each fault that a chain can have is found, named and the only one.</summary>
public sealed class ChainExaminerTests
{
    private static readonly TestCertificate Root = TestCertificate.Authority(null, "Test Root");
    private static readonly TestCertificate Middle = TestCertificate.Authority(Root, "Test Middle");

    [Fact]
    public void A_good_chain_is_good_step_by_step()
    {
        var leaf = new TestCertificate(Middle, "shop.test");
        var report = Examine("shop.test", leaf, Middle);
        Assert.True(report.IsGood, ChainWriter.Text(report));
        Assert.Equal(["Test Middle", "Test Root", null], report.Steps.Select(step => step.Signer));
        var text = ChainWriter.Text(report);
        Assert.Contains("it is for shop.test: the DNS name shop.test in its subjectAltName matches", text, StringComparison.Ordinal);
        Assert.Contains("signed by Test Middle (ECDSA with SHA-256)", text, StringComparison.Ordinal);
        Assert.Contains("for another 80 days", text, StringComparison.Ordinal);
        Assert.Contains("trusted: it is in the test's roots", text, StringComparison.Ordinal);
        Assert.EndsWith("Good: clients accept it.\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_common_name_is_told() =>
        FaultOf(Examine("shop.test", new TestCertificate(Middle, "shop.test", o => o.Names = []), Middle), "no subjectAltName, only the common name shop.test");

    [Theory]
    [InlineData("shop.test", "other.test", "it is not for other.test, but for shop.test")]
    [InlineData("*.shop.test", "a.b.shop.test", "the wildcard *.shop.test covers one label and no more")]
    [InlineData("shop.test", "127.0.0.1", "it names no IP address, only shop.test")]
    public void A_name_that_does_not_match_is_told(string has, string wanted, string expected) =>
        FaultOf(Examine(wanted, new TestCertificate(Middle, "x", o => o.Names = [has]), Middle), expected);

    [Fact]
    public void Times_are_told()
    {
        FaultOf(Examine("shop.test", new TestCertificate(Middle, "x", o => o.To = TestCertificate.Now.AddDays(-3)), Middle), "expired at 2026-05-29 00:00:00Z, 3 days ago");
        FaultOf(Examine("shop.test", new TestCertificate(Middle, "x", o => o.From = TestCertificate.Now.AddHours(5)), Middle), "which is in 5 hours");
        var late = Examine("shop.test", new TestCertificate(Middle, "x", o => o.To = TestCertificate.Now.AddDays(1)), Middle);
        Assert.True(late.IsGood);
        Assert.Contains(late.Findings, finding => finding is { Level: FindingLevel.Note, Advice: not null } && finding.Text.Contains("for another 24 hours", StringComparison.Ordinal));
    }

    [Fact]
    public void An_expired_authority_is_told_at_its_own_step()
    {
        var old = TestCertificate.Authority(Root, "Old", o => o.To = TestCertificate.Now.AddDays(-1));
        var report = Examine("shop.test", new TestCertificate(old, "x"), old);
        FaultOf(report, "expired at");
        Assert.Contains(report.Steps[1].Findings, finding => finding.Level == FindingLevel.Fault);
    }

    [Fact]
    public void A_missing_link_is_told_with_its_name() => FaultOf(Examine("shop.test", new TestCertificate(Middle, "x")), "signed by Test Middle, whose certificate was not sent");

    [Fact]
    public void Order_extras_and_the_root_are_notes()
    {
        var high = TestCertificate.Authority(Root, "High");
        var low = TestCertificate.Authority(high, "Low");
        var report = Examine("shop.test", new TestCertificate(low, "x"), high, low, Middle, Root);
        Assert.True(report.IsGood, ChainWriter.Text(report));
        Assert.Equal(3, report.General.Count(finding => finding.Level == FindingLevel.Note));
    }

    [Fact]
    public void Who_signs_itself_is_told() => FaultOf(Examine("shop.test", new TestCertificate(null, "shop.test")), "signed by itself and by no authority");

    [Fact]
    public void An_unknown_root_is_told()
    {
        var other = TestCertificate.Authority(null, "Other Root");
        FaultOf(Examine("shop.test", new TestCertificate(other, "x"), other), "this authority is not in the test's roots");
    }

    [Fact]
    public void The_local_authority_is_recognised()
    {
        using var folder = new TempFolder();
        using var authority = LocalAuthority.Create(folder.Path);
        var leaf = authority.Issue([CertificateName.Parse("shop.test")]);
        var examiner = new ChainExaminer(new TrustedRoots("the test's roots", []), DateTimeOffset.UtcNow, authority.Root);
        foreach (var sent in new X509Certificate2[][] { [leaf.Leaf, authority.Root], [leaf.Leaf] })
        {
            var report = examiner.Examine(new PresentedChain("here", sent, []), CertificateName.Parse("shop.test"));
            var fault = Assert.Single(report.Findings, finding => finding.Level == FindingLevel.Fault);
            Assert.Equal("run: gatehouse ca install", fault.Advice);
        }
        Assert.True(new ChainExaminer(new TrustedRoots("the test's roots", [authority.Root]), DateTimeOffset.UtcNow).Examine(
            new PresentedChain("here", [leaf.Leaf], []), CertificateName.Parse("shop.test")).IsGood);
    }

    [Fact]
    public void A_forged_signature_is_told()
    {
        using var thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        FaultOf(Examine("shop.test", new TestCertificate(Middle, "x", o => o.SignWith = thief), Middle), "the signature is not right");
    }

    [Fact]
    public void Purposes_are_told()
    {
        FaultOf(Examine("shop.test", new TestCertificate(Middle, "x", o => o.Purpose = "1.3.6.1.5.5.7.3.2"), Middle), "TLS servers may not use it");
        FaultOf(Examine("shop.test", new TestCertificate(Middle, "x", o => o.Usage = X509KeyUsageFlags.CrlSign), Middle), "and not for TLS");
    }

    [Fact]
    public void Who_is_no_authority_must_not_sign()
    {
        var leaf = new TestCertificate(Root, "leaf.test");
        FaultOf(Examine("shop.test", new TestCertificate(leaf, "x"), leaf), "it is no authority");
        var mute = TestCertificate.Authority(Root, "Mute", o => o.Usage = X509KeyUsageFlags.CrlSign);
        FaultOf(Examine("shop.test", new TestCertificate(mute, "x"), mute), "keyUsage without keyCertSign");
        var narrow = TestCertificate.Authority(Root, "Narrow", o => o.PathLength = 0);
        var below = TestCertificate.Authority(narrow, "Below");
        FaultOf(Examine("shop.test", new TestCertificate(below, "x"), below, narrow), "pathLenConstraint");
    }

    [Fact]
    public void Weak_keys_and_hashes_are_told()
    {
        FaultOf(Examine("shop.test", new TestCertificate(Middle, "x", o => o.RsaBits = 1024), Middle), "RSA key has 1024 bits");
        using var folder = new TempFolder();
        PeerProcess.Run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha1", "-subj", "/CN=old", "-keyout", folder["k"], "-out", folder["c"]]).Expect();
        var old = new ChainExaminer(new TrustedRoots("none", []), DateTimeOffset.UtcNow).Examine(ChainFile.Read(folder["c"]), null);
        Assert.Contains(old.Findings, finding => finding.Level == FindingLevel.Fault && finding.Text.Contains("RSA with SHA-1, which can be forged", StringComparison.Ordinal));
    }

    [Fact]
    public void Name_constraints_are_left_to_the_platform()
    {
        Assert.True(NameConstraints.TryParse(["corp.test"], out var constraints, out _));
        var narrow = TestCertificate.Authority(Root, "Corp", o => o.Extensions.Add(constraints.Extension()));
        FaultOf(Examine("shop.test", new TestCertificate(narrow, "x"), narrow), "the platform's own check refuses");
        Assert.True(Examine("a.corp.test", new TestCertificate(narrow, "x", o => o.Names = ["a.corp.test"]), narrow).IsGood);
    }

    [Fact]
    public void Signatures_by_RSA_are_checked_in_each_form()
    {
        foreach (var padding in new[] { RSASignaturePadding.Pkcs1, RSASignaturePadding.Pss })
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest("CN=rsa.test", key, HashAlgorithmName.SHA384, padding);
            using var certificate = request.CreateSelfSigned(TestCertificate.Now.AddDays(-1), TestCertificate.Now.AddDays(1));
            Assert.Equal(SignatureVerdict.Right, CertificateSignature.Check(certificate, certificate));
            Assert.Equal(SignatureVerdict.Wrong, CertificateSignature.Check(certificate, Root.Certificate));
        }
    }

    [Fact]
    public void A_circle_of_authorities_ends()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var a = TestCertificate.Authority(Root, "Circle", o => o.SignWith = key);
        var leaf = new TestCertificate(a, "x");
        var many = Enumerable.Range(0, 40).Select(_ => TestCertificate.Authority(Root, "Test Root", o => o.SignWith = key)).ToArray();
        Assert.False(Examine("shop.test", leaf, [a, .. many]).IsGood);
    }

    [Fact]
    public void A_report_is_json_too()
    {
        using var json = JsonDocument.Parse(ChainWriter.Json(Examine("other.test", new TestCertificate(Middle, "x"), Middle)));
        Assert.False(json.RootElement.GetProperty("good").GetBoolean());
        Assert.Equal("shop.test", json.RootElement.GetProperty("steps")[0].GetProperty("names")[0].GetString());
        Assert.Equal("fault", json.RootElement.GetProperty("steps")[0].GetProperty("findings")[0].GetProperty("level").GetString());
    }

    [Fact]
    public void Rubbish_in_a_file_is_told()
    {
        using var folder = new TempFolder();
        Assert.Throws<FileNotFoundException>(() => ChainFile.Read(folder["none"]));
        foreach (var text in new[] { "", "rubbish", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----" })
            Assert.Contains("found no certificate", Assert.Throws<IOException>(() => ChainFile.Read(folder.Write("f", text))).Message, StringComparison.Ordinal);
        Assert.Single(ChainFile.Read(folder.Write("f", Root.Certificate.RawData)).Certificates);
    }

    private static ChainReport Examine(string name, TestCertificate leaf, params TestCertificate[] others) =>
        new ChainExaminer(new TrustedRoots("the test's roots", [Root.Certificate]), TestCertificate.Now).Examine(
            new PresentedChain("the server", [leaf.Certificate, .. others.Select(other => other.Certificate)], []), CertificateName.Parse(name));

    private static void FaultOf(ChainReport report, string text)
    {
        var faults = report.Findings.Where(finding => finding.Level == FindingLevel.Fault).ToList();
        Assert.True(faults.Count == 1 && faults[0].Text.Contains(text, StringComparison.Ordinal), $"expected one fault with '{text}':\n{ChainWriter.Text(report)}");
        Assert.NotNull(faults[0].Advice);
    }
}
