namespace Gatehouse.Interop.Tests.Tls;

/// <summary>Sites over TLS with curl as the client: certificates, redirects, HSTS, clients' certificates, the log.</summary>
public sealed class TlsSiteTests
{
    private const string Sites = """
        sites:
          - hosts: [a.test]
            tls: {cert: a.test.pem, key: a.test.key}
            log: {file: access.log, format: "$status $scheme $tls-version $tls-cipher $tls-protocol $tls-name $client-subject"}
            routes: [{match: /*, respond: {status: 200, body: a}}]
          - hosts: [shop.example.com]
            tls: {cert: a.test.pem, key: a.test.key}
            routes: [{match: /*, respond: {status: 200, body: shop}}]
          - hosts: [quiet.example.com]
            tls: {cert: a.test.pem, key: a.test.key}
            https-redirect: off
            hsts: off
            routes: [{match: /*, respond: {status: 200, body: quiet}}]
          - hosts: [strict.test]
            tls: {cert: a.test.pem, key: a.test.key}
            hsts: {mode: on, max-age: 365d, include-subdomains: on}
            routes: [{match: /*, respond: {status: 200, body: strict}}]
          - hosts: [plain.test]
            tls: off
            routes: [{match: /*, respond: {status: 200, body: plain}}]
        """;

    [Fact]
    public void A_site_is_served_over_TLS_and_logged()
    {
        // Lines of one reactor stand in their order; those of two may be a second apart.
        using var served = TlsServed.Start($"reactors: 1\n{Sites}");
        Assert.Equal("a", served.Curl("https://a.test:{tls}/").Expect().Output);
        Assert.Equal("a", served.Curl("https://a.test:{tls}/", "--tls-max", "1.2").Expect().Output);
        Assert.Equal(60, served.Curl("https://b.test:{tls}/").ExitCode);
        Served.Eventually(() => File.Exists(served.Folder["access.log"]) && File.ReadAllLines(served.Folder["access.log"]).Length >= 2, "two lines of the log");
        string[] lines = ["200 https TLSv1.3 TLS_AES_128_GCM_SHA256 h2 a.test -", "200 https TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 h2 a.test -"];
        Assert.Equal(lines, File.ReadAllLines(served.Folder["access.log"]));
        Assert.Contains($"https://127.0.0.1:{served.TlsPort}/", served.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_without_TLS_are_sent_to_the_port_that_has_it()
    {
        using var served = TlsServed.Start(Sites);
        var result = served.Curl("http://a.test:{port}/x/%2e%20y?q=1", "--path-as-is", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}").Expect();
        Assert.Equal($"308 https://a.test:{served.TlsPort}/x/%2e%20y?q=1", result.Output);
        Assert.Equal("shop", served.Curl("http://shop.example.com:{port}/", "-L").Expect().Output);
        Assert.Equal("quiet", served.Curl("http://quiet.example.com:{port}/").Expect().Output);
        Assert.Equal("plain", served.Curl("http://plain.test:{port}/").Expect().Output);
    }

    [Fact]
    public void A_site_without_TLS_is_not_served_over_it()
    {
        using var served = TlsServed.Start(Sites);
        Assert.Equal("421", served.Curl("https://a.test:{tls}/", "-H", "Host: plain.test", "-o", "/dev/null", "-w", "%{http_code}").Expect().Output);
    }

    [Theory]
    [InlineData("a.test", null)]
    [InlineData("shop.example.com", "max-age=86400")]
    [InlineData("quiet.example.com", null)]
    [InlineData("strict.test", "max-age=31536000; includeSubDomains")]
    public void Browsers_are_told_to_stay_with_TLS_on_public_names_only(string host, string? field)
    {
        using var served = TlsServed.Start(Sites);
        var head = served.Curl($"https://{host}:{{tls}}/", "-k", "-D", "-", "-o", "/dev/null").Expect().Output;
        if (field is null)
            Assert.DoesNotContain("Strict-Transport-Security", head, StringComparison.OrdinalIgnoreCase);
        else
            Assert.Contains($"Strict-Transport-Security: {field}\r\n", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Who_speaks_HTTP_to_a_TLS_port_is_told()
    {
        using var served = TlsServed.Start(Sites);
        var result = PeerProcess.Run("curl", ["-sS", "--http0.9", $"http://127.0.0.1:{served.TlsPort}/"]);
        Assert.EndsWith("This port speaks HTTPS, and the request came without.", result.Output, StringComparison.Ordinal);
        served.Process.WaitForOutput("TLS handshake: http request");
    }

    [Fact]
    public void Unknown_names_can_be_refused()
    {
        using var served = TlsServed.Start("tls: {unknown-names: refuse, min-version: \"1.3\"}\n" + Sites);
        Assert.Contains("unrecognized name", served.Curl("https://nobody.test:{tls}/").Error, StringComparison.Ordinal);
        Assert.Contains("protocol version", served.Curl("https://a.test:{tls}/", "--tls-max", "1.2").Error, StringComparison.Ordinal);
        Assert.Equal("a", served.Curl("https://a.test:{tls}/").Expect().Output);
    }

    [Fact]
    public void A_slow_handshake_is_ended()
    {
        using var served = TlsServed.Start("timeouts: {handshake: 300ms}\n" + Sites);
        using var client = RawClient.Connect(served.TlsPort, timeout: Served.Patience);
        client.Send([0x16, 0x03, 0x01]);
        served.Process.WaitForOutput("TLS handshake: it was not over within 0.3 s");
    }
}
