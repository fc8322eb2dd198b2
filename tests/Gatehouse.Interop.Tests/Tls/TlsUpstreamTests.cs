namespace Gatehouse.Interop.Tests.Tls;

/// <summary>Targets that speak TLS: another Gatehouse, which asks for a certificate of its client where told.</summary>
public sealed class TlsUpstreamTests
{
    private const string Back = """
        sites:
          - hosts: [a.test]
            tls: {cert: a.test.pem, key: a.test.key}
            routes: [{match: /*, respond: {status: 200, body: from behind}}]
          - hosts: [mtls.test]
            tls: {cert: a.test.pem, key: a.test.key, client-ca: ca.pem}
            routes: [{match: /*, respond: {status: 200, body: known}}]
        """;

    [Fact]
    public void A_target_is_verified_by_the_authority_and_name_given()
    {
        using var back = TlsServed.Start(Back, served => served.Issue("a.test", "a.test", "mtls.test"));
        back.Write("client", back.Authority.Issue(new TestLeaf { Subject = "CN=Front", Names = ["front"], IsClient = true }));
        var ca = back.Folder["ca.pem"];
        using var front = Served.Start($$$"""
            sites:
              - routes:
                  - {match: /good, proxy: {to: ["https://127.0.0.1:{{{back.TlsPort}}}"], host: a.test, tls: {ca: {{{ca}}}, name: a.test } } }
                  - {match: /system, proxy: {to: ["https://127.0.0.1:{{{back.TlsPort}}}"], host: a.test, tls: {name: a.test } } }
                  - {match: /address, proxy: {to: ["https://127.0.0.1:{{{back.TlsPort}}}"], host: a.test, tls: {ca: {{{ca}}} } } }
                  - {match: /other, proxy: {to: ["https://127.0.0.1:{{{back.TlsPort}}}"], host: a.test, tls: {ca: {{{ca}}}, name: b.test } } }
                  - {match: /blind, proxy: {to: ["https://127.0.0.1:{{{back.TlsPort}}}"], host: a.test, tls: {verify: off } } }
                  - {match: /stranger, proxy: {to: ["https://127.0.0.1:{{{back.TlsPort}}}"], host: mtls.test, tls: {ca: {{{ca}}}, name: mtls.test } } }
                  - {match: /known, proxy: {to: ["https://127.0.0.1:{{{back.TlsPort}}}"], host: mtls.test, tls: {ca: {{{ca}}}, name: mtls.test, cert: {{{back.Folder["client.pem"]}}}, key: {{{back.Folder["client.key"]}}} } } }
            """);
        for (var i = 0; i < 5; i++)
            Assert.Equal("from behind", front.Get("/good").Text);
        Assert.Equal("known", front.Get("/known").Text);
        Assert.Equal(502, front.Get("/system").Status);
        front.Process.WaitForOutput("is not accepted: unable to get local issuer certificate");
        Assert.Equal(502, front.Get("/address").Status);
        front.Process.WaitForOutput("the certificate is for a.test, mtls.test, not for 127.0.0.1");
        Assert.Equal(502, front.Get("/other").Status);
        front.Process.WaitForOutput("the certificate is for a.test, mtls.test, not for b.test");
        Assert.Equal("from behind", front.Get("/blind").Text);
        Assert.Equal(502, front.Get("/stranger").Status);
    }

    [Fact]
    public void A_bad_file_of_an_authority_is_refused_and_tls_without_https_is_a_fault()
    {
        using var front = Served.Start(Served.Proxy("\"127.0.0.1:1\""));
        front.Rewrite(Served.Proxy("\"https://127.0.0.1:1\"", "tls: {ca: missing.pem}"));
        var reload = front.Process.Control("reload");
        Assert.NotEqual(0, reload.ExitCode);
        Assert.Contains("missing.pem' cannot be read", reload.Output + reload.Error, StringComparison.Ordinal);
        front.Rewrite(Served.Proxy("\"127.0.0.1:1\"", "tls: {name: a.test}"));
        Assert.Contains("expected at least one target with https://", front.Process.Control("reload").Error, StringComparison.Ordinal);
    }
}
