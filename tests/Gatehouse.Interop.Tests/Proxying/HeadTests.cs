namespace Gatehouse.Interop.Tests.Proxying;

/// <summary>What of a head passes, what is taken away and what is added (RFC 9110 section 7.6), both ways.</summary>
public sealed class HeadTests(EchoServer echo) : IClassFixture<EchoServer>
{
    private readonly Served _served = echo.Served;

    [Fact]
    public void End_to_end_fields_pass_in_order_and_unchanged()
    {
        _served.Get("/head", "X-One: 1", "x-two:  spaced   value ", "X-One: again", "Cookie: a=b; c=d", "Authorization: Basic eA==", "Accept: */*", "X-Empty:", "X-Latin: caf\u00e9");
        var lines = echo.Last.Head.Split("\r\n");
        string[] expected = ["X-One: 1", "x-two: spaced   value", "X-One: again", "Cookie: a=b; c=d", "Authorization: Basic eA==", "Accept: */*", "X-Empty: ", "X-Latin: caf\u00e9"];
        Assert.Equal(expected, lines.Where(line => expected.Contains(line)));
    }

    [Fact]
    public void Fields_of_the_clients_connection_do_not_pass()
    {
        _served.Get(
            "/head", "Connection: keep-alive, X-Private , x-OTHER", "X-Private: 1", "X-Other: 2", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "Proxy-Authorization: Basic eA==",
            "TE: trailers", "Upgrade: h2c", "X-Public: 3");
        foreach (var name in new[] { "X-Private", "X-Other", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "TE", "Upgrade", "Transfer-Encoding", "Connection", "Content-Length" })
            Assert.Null(echo.Last[name]);
        Assert.Equal("3", echo.Last["X-Public"]);
    }

    [Fact]
    public void What_frames_and_routes_a_message_cannot_be_nominated_away()
    {
        _served.Send("POST", "/echo", "body"u8, "Connection: Content-Length, Host, X-Forwarded-For, Via");
        Assert.Equal(("4", "test.example", "127.0.0.1"), (echo.Last["Content-Length"], echo.Last["Host"], echo.Last["X-Forwarded-For"]));
        Assert.Equal("body", System.Text.Encoding.ASCII.GetString(echo.Last.Body));
    }

    [Fact]
    public void Fields_of_the_upstreams_connection_do_not_pass()
    {
        var answer = _served.Get("/hop");
        foreach (var name in new[] { "X-Private", "Keep-Alive", "Proxy-Authenticate", "Proxy-Connection" }) Assert.Null(answer[name]);
        Assert.Equal(("2", "a=1, b=2"), (answer["X-Public"], answer["Set-Cookie"]));
        Assert.Equal(("upstream/1", "Thu, 01 Jan 1970 00:00:00 GMT"), (answer["Server"], answer["Date"]));
        Assert.Equal("caf\u00e9", _served.Get("/latin")["X-Latin"]);
        Assert.Equal(200, _served.Get("/large-head")["X-Field-59"]!.Length);
    }

    [Fact]
    public void What_a_gateway_says_is_said_once_and_claims_of_strangers_are_dropped()
    {
        _served.Get(
            "/head", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example", "X-Forwarded-Prefix: /evil", "X-Real-IP: 6.6.6.6", "Forwarded: for=6.6.6.6", "Via: 1.0 before");
        Assert.Equal("127.0.0.1", echo.Last["X-Forwarded-For"]);
        Assert.Equal("http", echo.Last["X-Forwarded-Proto"]);
        Assert.Equal("test.example", echo.Last["X-Forwarded-Host"]);
        Assert.Null(echo.Last["X-Forwarded-Prefix"]);
        Assert.Null(echo.Last["X-Real-IP"]);
        Assert.Null(echo.Last["Forwarded"]);
        Assert.Equal("1.0 before, 1.1 gatehouse", echo.Last["Via"]);
    }

    [Theory]
    [InlineData("test.example", "test.example")]
    [InlineData("Test.Example:8080", "Test.Example:8080")]
    [InlineData("by-name.example", "fixed.example:81")]
    public void Host_is_what_the_route_says(string asked, string host)
    {
        using var client = _served.Connect();
        client.Send($"GET /head HTTP/1.1\r\nHost: {asked}\r\n\r\n");
        Assert.Equal(200, client.ReadResponse().Status);
        Assert.Equal((host, asked), (echo.Last["Host"], echo.Last["X-Forwarded-Host"]));
    }

    [Fact]
    public void Host_may_be_the_targets_own()
    {
        using var client = _served.Connect();
        client.Send("GET /head HTTP/1.1\r\nHost: by-target.example\r\n\r\n");
        Assert.Equal(200, client.ReadResponse().Status);
        Assert.Equal((echo.Upstream.Address, "by-target.example"), (echo.Last["Host"], echo.Last["X-Forwarded-Host"]));
    }

    [Fact]
    public void An_absolute_target_names_the_host()
    {
        using var client = _served.Connect();
        client.Send("GET http://other.example/head?x HTTP/1.1\r\nHost: test.example\r\n\r\n");
        Assert.Equal(200, client.ReadResponse().Status);
        Assert.Equal(("/head?x", "other.example"), (echo.Last.Target, echo.Last["Host"]));
    }

    [Fact]
    public void Interim_answers_pass_without_their_hop_by_hop_fields()
    {
        using var client = _served.Connect();
        client.Send(Served.Head("GET", "/early"));
        var early = client.ReadResponse();
        Assert.Equal((103, "</a.css>; rel=preload", null, null), (early.Status, early["Link"], early["X-Hop"], early["Connection"]));
        Assert.Equal(102, client.ReadResponse().Status);
        Assert.Equal("late", client.ReadResponse().Text);
    }

    [Fact]
    public void An_http_1_0_client_gets_no_interim_answer()
    {
        using var client = _served.Connect();
        client.Send("GET /early HTTP/1.0\r\n\r\n");
        var answer = client.ReadResponse();
        Assert.Equal((200, "late"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(418)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(599)]
    public void An_error_of_the_upstream_passes_with_its_body(int status)
    {
        var answer = _served.Get($"/status/{status}");
        Assert.Equal((status, "body"), (answer.Status, answer.Text));
    }
}
