using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Pki.Authority;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Tests.Authority;

public sealed class LocalAuthorityTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Root_and_key_are_their_owners_alone()
    {
        using var authority = LocalAuthority.Create(_folder["state"]);
        Assert.Equal(Mode("rwx"), File.GetUnixFileMode(_folder["state"]));
        Assert.Equal(Mode("rwx"), File.GetUnixFileMode(authority.Folder));
        Assert.Equal(Mode("rw"), File.GetUnixFileMode(authority.RootFile));
        Assert.Equal(Mode("rw"), File.GetUnixFileMode(authority.RootKeyFile));
        Assert.Equal(["authority"], Directory.EnumerateFileSystemEntries(_folder["state"]).Select(Path.GetFileName));
    }

    [Fact]
    public void The_authority_is_found_again_and_made_once()
    {
        using var made = LocalAuthority.Create(_folder.Path);
        using var found = LocalAuthority.Find(_folder.Path)!;
        Assert.Equal(made.Fingerprint, found.Fingerprint);
        Assert.Throws<IOException>(() => LocalAuthority.Create(_folder.Path));
        using var again = LocalAuthority.FindOrCreate(_folder.Path);
        Assert.Equal(made.Fingerprint, again.Fingerprint);
        Assert.Equal(["authority"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Of_many_that_make_it_at_once_all_have_the_same()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => LocalAuthority.FindOrCreate(_folder.Path).Fingerprint)));
        Assert.Single(made.Distinct());
    }

    [Fact]
    public void A_key_of_another_root_is_refused()
    {
        using var authority = LocalAuthority.Create(_folder["a"]);
        using var other = LocalAuthority.Create(_folder["b"]);
        File.Copy(other.RootKeyFile, authority.RootKeyFile, overwrite: true);
        var exception = Assert.Throws<CryptographicException>(() => LocalAuthority.Find(_folder["a"]));
        Assert.Contains("is not the key of root.pem", exception.Message, StringComparison.Ordinal);
        File.WriteAllText(authority.RootKeyFile, "rubbish");
        Assert.Contains("is damaged", Assert.Throws<CryptographicException>(() => LocalAuthority.Find(_folder["a"])).Message, StringComparison.Ordinal);
        File.Delete(authority.RootKeyFile);
        Assert.Contains("root.key is missing", Assert.Throws<IOException>(() => LocalAuthority.Find(_folder["a"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenSSL_accepts_what_it_issues_for_each_name()
    {
        using var authority = LocalAuthority.Create(_folder.Path);
        authority.Issue([.. new[] { "shop.test", "*.shop.test", "127.0.0.1", "::1" }.Select(CertificateName.Parse)]).Save(_folder["leaf.pem"], _folder["leaf.key"]);
        string[] verify = ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", authority.RootFile];
        foreach (var host in new[] { "shop.test", "a.shop.test" })
            PeerProcess.Run("openssl", [.. verify, "-verify_hostname", host, _folder["leaf.pem"]]).Expect();
        foreach (var address in new[] { "127.0.0.1", "::1" })
            PeerProcess.Run("openssl", [.. verify, "-verify_ip", address, _folder["leaf.pem"]]).Expect();
        PeerProcess.Run("openssl", [.. verify, "-verify_hostname", "a.b.shop.test", _folder["leaf.pem"]]).Expect(2);
        PeerProcess.Run("openssl", [.. verify, "-verify_ip", "127.0.0.2", _folder["leaf.pem"]]).Expect(2);
        PeerProcess.Run("openssl", ["verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", authority.RootFile, _folder["leaf.pem"]]).Expect(2);
        Assert.Equal(Mode("rw"), File.GetUnixFileMode(_folder["leaf.key"]));
        Assert.Contains("ASN1 OID: prime256v1", PeerProcess.Run("openssl", ["x509", "-noout", "-text", "-in", _folder["leaf.pem"]]).Expect().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leaf_lives_a_week_and_never_longer_than_its_root()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var authority = LocalAuthority.Create(_folder.Path, clock: clock);
        CertificateName[] names = [CertificateName.Parse("a.test")];
        Assert.Equal(clock.Now + TimeSpan.FromDays(7), authority.Issue(names).NotAfter);
        clock.Now += TimeSpan.FromDays(3648);
        Assert.Equal(new DateTimeOffset(authority.Root.NotAfter.ToUniversalTime()), authority.Issue(names).NotAfter);
        clock.Now += TimeSpan.FromDays(3);
        Assert.Contains("root expired", Assert.Throws<IssueException>(() => authority.Issue(names)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constrained_root_signs_nothing_else_and_OpenSSL_holds_it_to_that()
    {
        Assert.True(NameConstraints.TryParse(["corp.test", "10.0.0.0/8", "fd00::/8"], out var constraints, out _));
        using var authority = LocalAuthority.Create(_folder.Path, constraints);
        using var found = LocalAuthority.Find(_folder.Path)!;
        Assert.Equal("corp.test, 10.0.0.0/8, fd00::/8", found.Constraints!.ToString());
        Assert.Throws<IssueException>(() => found.Issue([CertificateName.Parse("corp.test"), CertificateName.Parse("othercorp.test")]));
        Assert.Throws<IssueException>(() => found.Issue([CertificateName.Parse("11.0.0.1")]));
        found.Issue([.. new[] { "a.corp.test", "*.corp.test", "10.9.8.7", "fd00::1" }.Select(CertificateName.Parse)]).Save(_folder["good.pem"], _folder["good.key"]);
        PeerProcess.Run("openssl", ["verify", "-x509_strict", "-CAfile", found.RootFile, _folder["good.pem"]]).Expect();

        // What a thief of the key would do.
        using var rootKey = ECDsa.Create();
        rootKey.ImportFromPem(File.ReadAllText(found.RootKeyFile));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var name in new[] { "bank.example.com", "11.0.0.1" })
        {
            using var forged = CertificateTemplate.Leaf(
                found.Root, rootKey, new PublicKey(key), [CertificateName.Parse(name)], false, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
            _folder.Write("forged.pem", forged.ExportCertificatePem());
            Assert.Contains("permitted subtree violation", PeerProcess.Run("openssl", ["verify", "-CAfile", found.RootFile, _folder["forged.pem"]]).Expect(2).Error,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Constraints_on_domains_alone_exclude_every_address()
    {
        Assert.True(NameConstraints.TryParse(["corp.test"], out var constraints, out _));
        using var authority = LocalAuthority.Create(_folder.Path, constraints);
        using var rootKey = ECDsa.Create();
        rootKey.ImportFromPem(File.ReadAllText(authority.RootKeyFile));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var forged = CertificateTemplate.Leaf(
            authority.Root, rootKey, new PublicKey(key), [CertificateName.Parse("10.0.0.1")], false, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        _folder.Write("forged.pem", forged.ExportCertificatePem());
        PeerProcess.Run("openssl", ["verify", "-CAfile", authority.RootFile, _folder["forged.pem"]]).Expect(2);
    }

    [Fact]
    public void A_pair_is_saved_and_read_as_one_file()
    {
        using var authority = LocalAuthority.Create(_folder.Path);
        var issued = authority.Issue([CertificateName.Parse("a.test")]);
        issued.Save(_folder["a.pem"]);
        var loaded = IssuedCertificate.Load(_folder["a.pem"])!;
        Assert.Equal((issued.ChainPem, issued.KeyPem, issued.NotAfter), (loaded.ChainPem, loaded.KeyPem, loaded.NotAfter));
        Assert.Equal("a.test", Assert.Single(loaded.Names).ToString());
        Assert.Equal(Mode("rw"), File.GetUnixFileMode(_folder["a.pem"]));
        Assert.Null(IssuedCertificate.Load(_folder["none.pem"]));
        var other = authority.Issue([CertificateName.Parse("b.test")]);
        Assert.Throws<CryptographicException>(() => IssuedCertificate.FromPem(issued.ChainPem, other.KeyPem));
        Assert.Throws<CryptographicException>(() => IssuedCertificate.FromPem("", other.KeyPem));
        Assert.Throws<CryptographicException>(() => IssuedCertificate.FromPem(issued.ChainPem, ""));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file()
    {
        using var authority = LocalAuthority.Create(_folder["state"]);
        var issued = authority.Issue([CertificateName.Parse("a.test")]);
        issued.Save(_folder["a.pem"]);
        var before = File.ReadAllBytes(_folder["a.pem"]);
        // A folder in the way of the rename.
        Directory.CreateDirectory(_folder["b.pem/x"]);
        Assert.ThrowsAny<Exception>(() => issued.Save(_folder["b.pem"]));
        Assert.Equal(before, File.ReadAllBytes(_folder["a.pem"]));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.draft"));
    }

    [Fact]
    public void Debian_trusts_the_root_after_install_and_no_more_after_uninstall()
    {
        using var authority = LocalAuthority.Create(_folder["state"]);
        authority.Issue([CertificateName.Parse("a.test")]).Save(_folder["leaf.pem"], _folder["leaf.key"]);
        foreach (var name in new[] { "local", "certs", "etc", "hooks" })
            Directory.CreateDirectory(_folder[name]);
        using var other = LocalAuthority.Create(_folder["other"]);
        _folder.Write("certs/other.crt", other.Root.ExportCertificatePem());
        _folder.Write("conf", "other.crt\n");
        var store = new SystemTrustStore(_folder["local"], PeerProcess.Require("update-ca-certificates"),
        [
            "--certsconf", _folder["conf"], "--certsdir", _folder["certs"], "--localcertsdir", _folder["local"], "--etccertsdir", _folder["etc"],
            "--hooksdir", _folder["hooks"],
        ]);
        Assert.False(store.Has(authority));
        Assert.Contains("2 added", string.Join('\n', store.Install(authority)), StringComparison.Ordinal);
        Assert.True(store.Has(authority));
        PeerProcess.Run("openssl", ["verify", "-CApath", _folder["etc"], "-no-CAfile", _folder["leaf.pem"]]).Expect();
        Assert.Contains("was there already", store.Install(authority)[0], StringComparison.Ordinal);
        Assert.Contains("removed", store.Uninstall(authority)[0], StringComparison.Ordinal);
        PeerProcess.Run("openssl", ["verify", "-CApath", _folder["etc"], "-no-CAfile", _folder["leaf.pem"]]).Expect(2);
        Assert.Contains("was not installed", Assert.Single(store.Uninstall(authority)), StringComparison.Ordinal);
    }

    private static UnixFileMode Mode(string owner) =>
        UnixFileMode.UserRead | UnixFileMode.UserWrite | (owner.EndsWith('x') ? UnixFileMode.UserExecute : UnixFileMode.None);
}
