namespace Gatehouse.Interop.Tests.Certificates;

/// <summary>`tls: auto` on public names against Let's Encrypt's own test server, and `acme: on` with certbot as it is.</summary>
public sealed class AcmeTests
{
    [Theory]
    [InlineData("tls-alpn-01")]
    [InlineData("http-01")]
    public void A_public_name_gets_its_certificate_by_ACME_though_the_server_is_at_its_worst(string challenge)
    {
        var (port, tlsPort) = (FreePort.Tcp(), FreePort.Tcp());
        using var pebble = new Pebble(port, tlsPort, faults: new() { ["PEBBLE_WFE_NONCEREJECT"] = "40", ["PEBBLE_VA_SLEEPTIME"] = "2" });
        using var server = new Automatic($$"""
            acme: {directory: "{{pebble.Directory}}", ca: "{{pebble.Authorities}}", email: ops@example.com, challenge: {{challenge}}}
            sites:
              - {hosts: [shop.example.com, www.example.com], routes: [{match: /*, respond: shop}]}
            """, port, tlsPort);
        var status = server.WaitFor("shop.example.com");
        Assert.Equal(pebble.Directory, status.GetProperty("issuer").GetString());
        var root = server.Folder.Write("pebble-root.pem", pebble.Root());
        Assert.Equal("shop", server.Get("shop.example.com", root).Expect().Output);
        Assert.Contains("strict-transport-security", server.Get("www.example.com", root, "-i").Expect().Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("certificate for shop.example.com, www.example.com", server.Process.Output + server.Process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_its_authority_a_server_starts_and_says_what_is_wrong()
    {
        using var server = new Automatic($$"""
            acme: {directory: "https://127.0.0.1:{{FreePort.Tcp()}}/dir"}
            sites:
              - {hosts: [shop.example.com], routes: [{match: /*, respond: shop}]}
              - {hosts: [b.test], routes: [{match: /*, respond: b}]}
            """);
        Assert.Equal("b", server.Get("b.test", server.Root).Expect().Output);
        server.Process.WaitForOutput("no new certificate for shop.example.com");
        var status = server.Status("shop.example.com");
        Assert.Equal(1, status.GetProperty("failures").GetInt32());
        Assert.Contains("did not answer", status.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(0, server.Get("shop.example.com", server.Root).ExitCode);
    }

    [Fact]
    public void Names_that_nobody_lists_are_asked_for()
    {
        var (port, tlsPort) = (FreePort.Tcp(), FreePort.Tcp());
        using var pebble = new Pebble(port, tlsPort);
        using var server = new Automatic($$"""
            acme:
              directory: "{{pebble.Directory}}"
              ca: "{{pebble.Authorities}}"
              on-demand: {ask: "http://127.0.0.1:{{port}}/allowed"}
            sites:
              - routes:
                  - {match: {path: /allowed, query: {domain: good.example.com} }, respond: {status: 200, body: "yes"} }
                  - {match: /allowed, respond: {status: 404, body: "no"} }
                  - {match: /*, respond: served}
            """, port, tlsPort);
        var root = server.Folder.Write("pebble-root.pem", pebble.Root());
        // The handshake waits for the certificate for as long as its own time allows; then it is there for the next.
        server.Get("good.example.com", root);
        server.WaitFor("good.example.com");
        Assert.Equal("served", server.Get("good.example.com", root).Expect().Output);
        Assert.NotEqual(0, server.Get("bad.example.com", root).ExitCode);
    }

    [Fact]
    public void Certbot_gets_a_certificate_from_a_site_with_acme_on()
    {
        using var folder = new TempFolder();
        var port = FreePort.Tcp();
        using var server = new Automatic($$"""
            sites:
              - hosts: [127.0.0.1]
                acme: {http-port: {{port}}}
                routes: [{match: /*, respond: site}]
            """);
        PeerProcess.Run("certbot",
            [
                "certonly", "--standalone", "-n", "--agree-tos", "-m", "ops@example.com", "--no-eff-email", "--server", $"https://127.0.0.1:{server.TlsPort}/acme/directory",
                "--http-01-port", $"{port}", "--http-01-address", "127.0.0.1", "-d", "localhost", "--config-dir", folder["etc"], "--work-dir", folder["lib"],
                "--logs-dir", folder["log"],
            ],
            TimeSpan.FromSeconds(120), environment: new Dictionary<string, string?> { ["REQUESTS_CA_BUNDLE"] = server.Root }).Expect();
        PeerProcess.Run("openssl", ["verify", "-CAfile", server.Root, "-verify_hostname", "localhost", folder["etc/live/localhost/cert.pem"]]).Expect();
        Assert.Equal("site", server.Get("127.0.0.1", server.Root).Expect().Output);
    }
}
