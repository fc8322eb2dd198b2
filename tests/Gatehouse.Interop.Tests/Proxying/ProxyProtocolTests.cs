using System.Globalization;

namespace Gatehouse.Interop.Tests.Proxying;

/// <summary>The PROXY protocol in and out, with nginx and HAProxy at the other end.</summary>
public sealed class ProxyProtocolTests
{
    // What the far server saw: the client's address and port, and where the client connected to.
    private const string Seen = "$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_addr $proxy_protocol_server_port";

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public void Nginx_is_told_who_the_client_is_for_each_request_anew(string version)
    {
        using var nginx = new OneLineNginx($"return 200 \"{Seen}\"", "proxy_protocol");
        using var served = Served.Start(Served.Proxy($"127.0.0.1:{nginx.Port}", $"proxy-protocol: {version}, health: {{path: /, every: 100ms}}"));
        var ports = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            var words = served.Get("/").Text.Split(' ');
            Assert.Equal(("127.0.0.1", "127.0.0.1", served.Port.ToString(CultureInfo.InvariantCulture)), (words[0], words[2], words[3]));
            Assert.True(ports.Add(words[1]), $"port {words[1]} was told for two connections");
        }
    }

    [Fact]
    public void The_header_goes_before_TLS()
    {
        using var nginx = new OneLineNginx($"return 200 \"{Seen} $ssl_protocol\"", "ssl proxy_protocol");
        using var served = Served.Start(Served.Proxy($"\"https://127.0.0.1:{nginx.Port}\"", $"proxy-protocol: v2, tls: {{ca: {nginx.Authority}, name: a.test}}"));
        for (var i = 0; i < 3; i++)
            Assert.Matches($"^127.0.0.1 [0-9]+ 127.0.0.1 {served.Port} TLSv1.[23]$", served.Get("/").Text);
    }

    [Fact]
    public void A_trusted_proxys_client_is_passed_on()
    {
        using var nginx = new OneLineNginx($"return 200 \"{Seen}\"", "proxy_protocol");
        using var served = Served.Start("trust: [127.0.0.0/8]\n" + Served.Proxy($"127.0.0.1:{nginx.Port}", "proxy-protocol: v1"));
        // Of two families of addresses the header can tell nothing.
        Assert.StartsWith("203.0.113.7 ", served.Get("/", "X-Forwarded-For: 203.0.113.7").Text, StringComparison.Ordinal);
        Assert.StartsWith(" ", served.Get("/", "X-Forwarded-For: 2001:db8::7").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("send-proxy", false)]
    [InlineData("send-proxy-v2", false)]
    [InlineData("send-proxy-v2", true)]
    public void HAProxy_tells_who_the_client_is(string option, bool tls)
    {
        using var nginx = new OneLineNginx($"return 200 \"{Seen}\"", "proxy_protocol");
        using var folder = new TempFolder();
        using var authority = new TestAuthority();
        folder.Write("ca.pem", authority.Pem);
        var (certificate, key) = authority.Issue(["a.test"]);
        folder.Write("a.pem", certificate);
        File.SetUnixFileMode(folder.Write("a.key", key), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        int port = FreePort.Tcp(), front = FreePort.Tcp();
        var file = folder.Write("gatehouse.yaml", $$"""
            listen: ["127.0.0.1:{{port}} {{(tls ? "tls " : "")}}proxy-protocol"]
            trust: [127.0.0.0/8]
            sites:
              - hosts: [a.test]
                tls: {cert: a.pem, key: a.key}
                routes: [{match: /*, proxy: {to: ["127.0.0.1:{{nginx.Port}}"], proxy-protocol: v2 } }]
            """);
        folder.Write("haproxy.cfg", $"""
            defaults
              mode tcp
              timeout connect 5s
              timeout client 30s
              timeout server 30s
            frontend front
              bind 127.0.0.1:{front}
              default_backend back
            backend back
              server one 127.0.0.1:{port} {option}

            """);
        using var server = GatehouseProcess.Serve(port, [file]);
        using var haproxy = PeerProcess.Start("haproxy", ["-db", "-f", folder["haproxy.cfg"]]);
        haproxy.WaitForPort(front);
        var scheme = tls ? "https" : "http";
        var answer = PeerProcess.Run(
            "curl", ["-sS", "--cacert", folder["ca.pem"], "--connect-to", "::127.0.0.1:", $"{scheme}://a.test:{front}/"], Served.Patience).Expect();

        // HAProxy's own connection to Gatehouse is to another port: that it is the client's is told.
        Assert.Matches($"^127.0.0.1 [0-9]+ 127.0.0.1 {front}$", answer.Output);
    }

    [Fact]
    public void It_does_not_go_with_connections_that_clients_share()
    {
        using var served = Served.Start(Served.Proxy("\"127.0.0.1:1\""));
        served.Rewrite(Served.Proxy("\"127.0.0.1:1\"", "protocol: h2c, proxy-protocol: v1"));
        var reload = served.Process.Control("reload");
        Assert.NotEqual(0, reload.ExitCode);
        Assert.Contains("found v1 with 'protocol: h2c', expected off", reload.Output + reload.Error, StringComparison.Ordinal);
    }
}
