using System.Text.Json;
using Gatehouse.Interop.Tests.Tls;

namespace Gatehouse.Interop.Tests.Http2;

/// <summary>Targets with TLS that say by ALPN what they speak, and health checks over HTTP/2.</summary>
public sealed class TlsUpstreamTests
{
    [Theory]
    [InlineData("h2")]
    [InlineData("auto")]
    public void A_call_of_grpc_goes_through_TLS_on_both_sides_with_its_trailers(string protocol)
    {
        using var folder = new TempFolder();
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Issue("up.test");
        folder.Write("up-ca.pem", authority.Pem);
        using var upstream = new Http2Upstream(folder.Write("up.pem", certificate), folder.Write("up.key", key));
        using var served = TlsServed.Start($$$"""
            sites:
              - hosts: [a.test]
                tls: {cert: a.test.pem, key: a.test.key}
                routes: [{match: /*, proxy: {to: ["https://127.0.0.1:{{{upstream.Port}}}"], protocol: {{{protocol}}}, tls: {ca: {{{folder["up-ca.pem"]}}}, name: up.test } } }]
            """);
        var output = PeerProcess.Run(
            Http2Upstream.Python, [Http2Upstream.Script("h2_client.py"), $"{served.TlsPort}", "/service/Call", served.Folder["ca.pem"]], Served.Patience).Expect().Output;
        using var result = JsonDocument.Parse(output);
        var root = result.RootElement;
        Assert.False(root.TryGetProperty("error", out _), output);
        Assert.Equal("message 0;message 1;message 2;message 3;message 4;", root.GetProperty("body").GetString());
        Assert.Equal("0", root.GetProperty("trailers").GetProperty("grpc-status").GetString());
        Assert.Equal("42", root.GetProperty("trailers").GetProperty("x-seen").GetString());
        Assert.Contains("\":path\": \"/x\"", served.Curl("https://a.test:{tls}/x").Expect().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_chooses_http_1_gets_that_with_auto_and_is_a_502_with_h2()
    {
        using var upstream = new OneLineNginx("return 200 \"$request\"", "ssl");
        var target = $$"""to: ["https://127.0.0.1:{{upstream.Port}}"], tls: {ca: {{upstream.Authority}}, name: a.test}""";
        using var served = Served.Start($$"""
            sites:
              - routes:
                  - {match: /auto, proxy: { {{target}}, protocol: auto } }
                  - {match: /h2, proxy: { {{target}}, protocol: h2 } }
            """);
        for (var i = 0; i < 3; i++)
            Assert.Equal("GET /auto HTTP/1.1", served.Get("/auto").Text);
        Assert.Equal("POST /auto HTTP/1.1", served.Send("POST", "/auto", "body"u8).Text);
        Assert.Equal(502, served.Get("/h2").Status);
        served.Process.WaitForOutput("no application protocol");
    }

    [Fact]
    public void Http_2_over_TLS_needs_targets_with_TLS()
    {
        using var served = Served.Start(Served.Proxy("\"127.0.0.1:1\""));
        served.Rewrite(Served.Proxy("\"127.0.0.1:1\"", "protocol: auto"));
        var reload = served.Process.Control("reload");
        Assert.Contains("found auto with a target that has no https:// in front", reload.Output + reload.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Health_is_asked_over_http_2()
    {
        using var good = new Http2Upstream();
        using var upstream = ScriptedUpstream.Answering(_ => Answer.Ok("of HTTP/1, which no check of HTTP/2 understands"));
        using var served = Served.Start(Served.Proxy($"\"{upstream.Address}\", {good.Address}", "protocol: h2c, balance: first, health: {path: /healthz, every: 50ms, timeout: 500ms, fall: 1}, retry: {tries: 1}"));
        Served.Eventually(() => served.Get("/").Status == 200, "the target of HTTP/1 is left out");
        for (var i = 0; i < 5; i++)
            Assert.Equal(200, served.Get("/").Status);
    }
}
