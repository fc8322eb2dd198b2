using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Net.Names;
using Gatehouse.Pki.Acme;
using Gatehouse.Pki.Acme.Challenges;
using Gatehouse.Pki.Acme.Client;
using Gatehouse.Pki.Acme.Server;
using Gatehouse.Pki.Authority;
using Gatehouse.Pki.Names;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Pki.Tests.Acme;

/// <summary>The local authority as an ACME server, to our own client and to certbot.</summary>
public sealed class AcmeServerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpChallenges _http = new();
    private readonly LocalIssuer _local;
    private readonly TestSite _proofs;
    private readonly TestSite _site;
    private readonly AcmeServer _server;

    public AcmeServerTests()
    {
        _local = new LocalIssuer(_folder["ca"]);
        _proofs = new TestSite(_http.Before(new TestSite.Nothing()));
        _server = Server();
        _site = new TestSite(_server.Before(new TestSite.Nothing()));
    }

    private string Directory => $"http://127.0.0.1:{_site.Port}/acme/directory";

    public void Dispose()
    {
        _site.Dispose();
        _server.Dispose();
        _proofs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Names_and_addresses_get_a_certificate_of_the_local_authority()
    {
        using var issuer = Issuer(new AcmeSettings(Directory));
        var issued = await IssueAsync(issuer, "shop.test", "127.0.0.1");
        Assert.Equal(90, (issued.NotAfter - DateTimeOffset.UtcNow).TotalDays, 0.1);
        issued.Save(_folder["c.pem"], _folder["c.key"]);
        PeerProcess.Run("openssl", ["verify", "-x509_strict", "-CAfile", _local.Authority.RootFile, "-verify_hostname", "shop.test", _folder["c.pem"]]).Expect();
    }

    [Fact]
    public async Task A_profile_is_chosen_and_renewal_is_asked_for()
    {
        using var issuer = Issuer(new AcmeSettings(Directory) { Profile = "shortlived" });
        var issued = await IssueAsync(issuer, "shop.test");
        Assert.Equal(6, (issued.NotAfter - DateTimeOffset.UtcNow).TotalDays, 0.1);
        var window = await issuer.RenewalWindowAsync(issued, CancellationToken.None);
        Assert.InRange(window!.Start, issued.NotBefore.AddDays(2.9), issued.NotBefore.AddDays(3.1));
        Assert.InRange(window.AskAgainAt, DateTimeOffset.UtcNow.AddHours(5.9), DateTimeOffset.UtcNow.AddHours(6.1));
        var renewed = await issuer.IssueAsync(issued.Names, issued, CancellationToken.None);
        Assert.NotEqual(issued.Leaf.SerialNumber, renewed.Leaf.SerialNumber);
        await issuer.RevokeAsync(issued, CancellationToken.None);
        Assert.True((await issuer.RenewalWindowAsync(issued, CancellationToken.None))!.End < DateTimeOffset.UtcNow);
        Assert.Equal("alreadyRevoked", (await Assert.ThrowsAsync<AcmeException>(() => issuer.RevokeAsync(issued, CancellationToken.None))).Problem!.Type);
        using var wrong = Issuer(new AcmeSettings(Directory) { Profile = "eternal" });
        Assert.Contains("it has classic, shortlived", (await Assert.ThrowsAsync<AcmeException>(() => IssueAsync(wrong, "shop.test"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_control_a_name_gets_nothing()
    {
        using var issuer = new AcmeIssuer(_folder["client"], new AcmeSettings(Directory), [new HttpChallenges()]);
        var refused = await Assert.ThrowsAsync<AcmeException>(() => IssueAsync(issuer, "shop.test"));
        Assert.Contains("answered 404, expected 200", refused.Message, StringComparison.Ordinal);
        using var wildcard = Issuer(new AcmeSettings(Directory));
        Assert.Contains("would need a proof by dns-01", (await Assert.ThrowsAsync<AcmeException>(() => IssueAsync(wildcard, "*.shop.test"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_survive_a_restart_and_their_keys_can_change()
    {
        using var issuer = Issuer(new AcmeSettings(Directory) { Email = "ops@example.com" });
        await IssueAsync(issuer, "shop.test");
        using var again = Server();
        using var site = new TestSite(again.Before(new TestSite.Nothing()));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var transport = new RequesterTransport(null, TimeProvider.System);
        var client = new AcmeClient(transport, $"http://127.0.0.1:{site.Port}/acme/directory", key, TimeProvider.System);
        await client.RegisterAsync("a@example.com", null, CancellationToken.None);
        var first = client.Account;
        await client.RegisterAsync(null, null, CancellationToken.None);
        Assert.Equal(first, client.Account);
        Assert.Equal(2, System.IO.Directory.GetFiles(_folder["server/acme-server"]).Length);
    }

    [Fact]
    public async Task A_nonce_is_good_once_and_a_signature_for_one_URL()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var transport = new RequesterTransport(null, TimeProvider.System);
        var root = $"http://127.0.0.1:{_site.Port}/acme";
        var nonce = (await transport.SendAsync("HEAD", $"{root}/new-nonce", null, default)).Nonce!;
        var message = Pki.Acme.Jose.Jws.Sign(key, $"{root}/new-account", nonce, null, "{}"u8);
        var made = await transport.SendAsync("POST", $"{root}/new-account", message, default);
        Assert.Equal(201, made.Status);
        Assert.Equal("badNonce", await ProblemAsync("new-account", message));
        nonce = made.Nonce!;
        Assert.Equal("unauthorized", await ProblemAsync("new-order", Pki.Acme.Jose.Jws.Sign(key, $"{root}/new-account", nonce, made.Location, "{}"u8)));
        nonce = (await transport.SendAsync("HEAD", $"{root}/new-nonce", null, default)).Nonce!;
        using var thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("unauthorized", await ProblemAsync("new-order", Pki.Acme.Jose.Jws.Sign(thief, $"{root}/new-order", nonce, made.Location, "{}"u8)));
        nonce = (await transport.SendAsync("HEAD", $"{root}/new-nonce", null, default)).Nonce!;
        Assert.Equal("accountDoesNotExist", await ProblemAsync("new-order", Pki.Acme.Jose.Jws.Sign(key, $"{root}/new-order", nonce, $"{root}/account/none", "{}"u8)));
        Assert.Equal("malformed", await ProblemAsync("new-order", "rubbish"u8.ToArray()));
        Assert.Equal(404, (await transport.SendAsync("GET", $"{root}/renewal-info/a.b", null, default)).Status);
        Assert.Equal(405, (await transport.SendAsync("GET", $"{root}/new-order", null, default)).Status);
        Assert.Equal(404, (await transport.SendAsync("GET", $"http://127.0.0.1:{_site.Port}/other", null, default)).Status);

        async Task<string> ProblemAsync(string path, byte[] body)
        {
            var response = await transport.SendAsync("POST", $"{root}/{path}", body, default);
            return AcmeProblem.Parse(response.Status, response.Body).Type;
        }
    }

    [Fact]
    public void Certbot_gets_and_renews_a_certificate_as_it_is()
    {
        string[] folders = ["--config-dir", _folder["certbot/etc"], "--work-dir", _folder["certbot/lib"], "--logs-dir", _folder["certbot/log"]];
        var port = FreePort.Tcp();
        using var server = Server(port);
        using var site = new TestSite(server.Before(new TestSite.Nothing()));
        var environment = new Dictionary<string, string?> { ["PYTHONWARNINGS"] = "ignore" };
        PeerProcess.Run("certbot",
            [
                "certonly", "--standalone", "-n", "--agree-tos", "-m", "ops@example.com", "--no-eff-email", "--server", $"http://127.0.0.1:{site.Port}/acme/directory",
                "--http-01-port", $"{port}", "--http-01-address", "127.0.0.1", "-d", "shop.test", "-d", "www.shop.test", .. folders,
            ], TimeSpan.FromSeconds(120), environment: environment).Expect();
        var live = _folder["certbot/etc/live/shop.test/"];
        PeerProcess.Run("openssl", ["verify", "-CAfile", _local.Authority.RootFile, "-verify_hostname", "www.shop.test", live + "cert.pem"]).Expect();
        var before = File.ReadAllText(live + "cert.pem");
        PeerProcess.Run("certbot", ["renew", "-n", "--force-renewal", "--no-random-sleep-on-renew", .. folders], TimeSpan.FromSeconds(120), environment: environment).Expect();
        Assert.NotEqual(before, File.ReadAllText(live + "cert.pem"));
        PeerProcess.Run("certbot", ["revoke", "-n", "--cert-name", "shop.test", "--no-delete-after-revoke", .. folders], TimeSpan.FromSeconds(120), environment: environment).Expect();
    }

    [Fact]
    public void A_certificate_is_named_as_in_RFC_9773()
    {
        // The example of section 4.1: the certificate of appendix A has this key identifier and serial number.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(Convert.FromHexString("69885B6B87464041E1B37B847BA0AE2CDE01C8D4")));
        using var certificate = request.Create(new X500DistinguishedName("CN=y"), X509SignatureGenerator.CreateForECDsa(key), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1),
            Convert.FromHexString("0087654321"));
        Assert.Equal("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE", CertificateId.Of(certificate));
    }

    private AcmeServer Server(int? port = null) =>
        new(_local, _folder["server"], new AcmeServerSettings { HttpPort = port ?? _proofs.Port, Resolver = new Loopback() });

    private AcmeIssuer Issuer(AcmeSettings settings) => new(_folder["client"], settings, [_http]);

    private static Task<IssuedCertificate> IssueAsync(AcmeIssuer issuer, params string[] names) =>
        issuer.IssueAsync([.. names.Select(CertificateName.Parse)], null, CancellationToken.None);

    private sealed class Loopback : INameResolver
    {
        public ValueTask<ResolvedName> ResolveAsync(string host, CancellationToken cancellation = default) => new(new ResolvedName([IpAddress.FromV4(0x7F000001)], TimeSpan.Zero));
    }
}
