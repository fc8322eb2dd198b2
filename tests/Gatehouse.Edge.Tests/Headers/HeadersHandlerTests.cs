using Gatehouse.Edge.Headers;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Http;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Headers;

public sealed class HeadersHandlerTests
{
    [Fact]
    public async Task The_handler_sees_the_changed_request()
    {
        string? seen = null;
        var handler = Wrap(
            new HeaderRulesConfig
            {
                Set = Fields(("X-Real-IP", "$client"), ("Accept-Encoding", "identity")),
                Add = Fields(("X-Tag", "two")),
                Remove = ["Cookie", "x-internal"],
            },
            new HeaderRulesConfig(),
            new Inner(exchange =>
            {
                seen = string.Join(';', exchange.Request.Fields("X-Real-IP", "Accept-Encoding", "X-Tag", "Cookie", "X-Internal", "Host"));
                return exchange.CompleteAsync();
            }));
        await handler.HandleAsync(Reading.Exchange(
            "/",
            ("Host", "h"),
            ("X-Real-IP", "6.6.6.6"),
            ("x-real-ip", "7.7.7.7"),
            ("accept-encoding", "gzip"),
            ("X-Tag", "one"),
            ("Cookie", "a"),
            ("X-INTERNAL", "b")));
        Assert.Equal("192.0.2.1;identity;one | two;;;h", seen);
    }

    [Fact]
    public async Task The_client_sees_the_changed_answer()
    {
        var handler = Wrap(
            new HeaderRulesConfig(),
            new HeaderRulesConfig { Set = Fields(("Server", "me"), ("X-User", "$user")), Add = Fields(("Link", "</b>")), Remove = ["X-Powered-By"] },
            new Inner(exchange =>
            {
                exchange.Notes.User = "ann";
                exchange.Response.Headers.Add("server"u8, "other"u8);
                exchange.Response.Headers.Add("Link"u8, "</a>"u8);
                exchange.Response.Headers.Add("x-powered-by"u8, "x"u8);
                return exchange.SendAsync("ok"u8.ToArray());
            }));
        var exchange = Reading.Exchange();
        await handler.HandleAsync(exchange);
        Assert.Equal(["me", "ann", "</a> | </b>", null], exchange.Response.Fields("Server", "X-User", "Link", "X-Powered-By"));
    }

    [Theory]
    [InlineData("/?a=\r\nX-Evil: 1")]
    [InlineData("/?\n")]
    [InlineData("/?\0")]
    public async Task A_request_that_would_split_a_field_is_refused(string target)
    {
        var inner = Inner.Says("no");
        var handler = Wrap(new HeaderRulesConfig { Set = Fields(("X-Query", "q=$query")) }, new HeaderRulesConfig(), inner);
        var refused = await Assert.ThrowsAsync<BadRequestException>(async () => await handler.HandleAsync(new FakeExchange("GET", target)));
        Assert.Equal((400, 0), (refused.Status, inner.Calls));
    }

    [Fact]
    public async Task An_answers_field_that_would_be_split_is_left_out()
    {
        var rules = new HeaderRulesConfig { Set = Fields(("X-Query", "$query"), ("X-Ok", "1")), Add = Fields(("X-Also", "$query")) };
        var handler = Wrap(new HeaderRulesConfig(), rules, Inner.Says("x"));
        var exchange = new FakeExchange("GET", "/?a\r\nX-Evil: 1");
        await handler.HandleAsync(exchange);
        var response = exchange.Response;
        Assert.Equal((null, null, "1", "x"), (response.Field("X-Query"), response.Field("X-Also"), response.Field("X-Ok"), exchange.Text()));
        Assert.Contains("line break", exchange.Notes.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_allocatedvalue_is_written_whole()
    {
        var path = "/" + new string('a', 5000);
        var handler = Wrap(new HeaderRulesConfig { Set = Fields(("X-Path", "<$path>")) }, new HeaderRulesConfig(), Inner.Says("x"));
        var exchange = Reading.Exchange(path);
        await handler.HandleAsync(exchange);
        Assert.Equal($"<{path}>", exchange.Request.Field("X-Path"));
    }

    [Fact]
    public void Rules_for_the_answer_hold_for_errors_of_the_driver_too()
    {
        var rules = new HeaderRulesConfig { Set = Fields(("X-Frame-Options", "DENY")) };
        var handler = Wrap(new HeaderRulesConfig(), rules, new Inner(_ => throw new InvalidOperationException("boom")));
        using var server = new EdgeServer(handler);
        var response = server.Get("/");
        Assert.Equal((500, "DENY"), (response.Status, response["X-Frame-Options"]));
    }

    [Fact]
    public void An_upstream_is_told_what_the_rules_set_whatever_the_client_nominates()
    {
        using var upstream = new EchoUpstream();
        var set = Fields(("X-Real-IP", "$client"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "$client"), ("X-Auth", "secret"));
        var rules = new HeaderRulesConfig { Set = set };
        using var server = new EdgeServer(reactors => Wrap(rules, new HeaderRulesConfig(), upstream.Proxy(reactors)));
        var head = server.Get("/a", "Connection: X-Auth, X-Real-IP\r\nX-Real-IP: 6.6.6.6\r\nX-Forwarded-Proto: ftp\r\nX-Auth: mine\r\nX-Drop: 1\r\n").Text;
        Assert.Equal("127.0.0.1", Value(head, "X-Real-IP"));
        Assert.Equal("https", Value(head, "X-Forwarded-Proto"));
        Assert.Equal("127.0.0.1", Value(head, "X-Forwarded-For"));
        Assert.Equal("secret", Value(head, "X-Auth"));
    }

    [Fact]
    public void Names_that_cannot_be_changed_are_faults()
    {
        var faults = Faults.Of(new HeaderRulesConfig
        {
            Set = Fields(("Content-Length", "1"), ("X Y", "1"), ("X-Good", "1")),
            Add = Fields(("transfer-encoding", "chunked"), ("", "1")),
            Remove = ["Host", "Connection", "Good", "a:b"],
        });
        Assert.Equal(["set.Content-Length", "set.X Y", "add.transfer-encoding", "add.", "remove.0", "remove.1", "remove.3"], faults.Settings);
    }

    [Fact]
    public void Nothing_to_do_wraps_nothing() => Assert.Null(new HeadersFeature().Wrap(new HeadersConfig(), Inner.Says("x"), Reading.Context()));

    [Fact]
    public async Task Constant_rules_for_the_answer_allocate_nothing()
    {
        var body = "ok"u8.ToArray();
        var handler = Wrap(
            new HeaderRulesConfig { Set = Fields(("X-Real-IP", "$client")) },
            new HeaderRulesConfig { Set = Fields(("X-Frame-Options", "DENY"), ("X-Custom", "1"), ("X-Path", "$path")), Remove = ["Server"] },
            new Inner(exchange => exchange.SendAsync(body)));
        var exchange = Reading.Exchange("/x", ("Host", "h"));
        var allocated = 0L;
        for (var i = 0; i < 200; i++)
        {
            exchange.Restart("GET", "/x", ("Host", "h"));
            var before = GC.GetAllocatedBytesForCurrentThread();
            await handler.HandleAsync(exchange);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
    }

    private static IHandler Wrap(HeaderRulesConfig request, HeaderRulesConfig response, IHandler inner) =>
        new HeadersFeature().Wrap(new HeadersConfig { Request = request, Response = response }, inner, Reading.Context())!;

    private static Dictionary<string, HeaderTemplate> Fields(params (string Name, string Value)[] fields) => fields.ToDictionary(
        field => field.Name,
        field => HeaderTemplate.TryParse(field.Value, out var template, out var fault) ? template : throw new FormatException(fault));

    private static string Value(string head, string name)
    {
        var lines = head.Split("\r\n").Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).ToArray();
        return Assert.Single(lines)[(name.Length + 2)..];
    }
}
