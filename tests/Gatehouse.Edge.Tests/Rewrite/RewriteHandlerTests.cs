using CsCheck;
using Gatehouse.Edge.Rewrite;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Http;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Rewrite;

public sealed class RewriteHandlerTests
{
    [Theory]
    [InlineData("/index.php", "/a/b?x=1", "/index.php", "x=1")]
    [InlineData("/über uns", "/a", "/%C3%BCber%20uns", "")]
    [InlineData("/a//b/./c/../d", "/x", "/a/b/d", "")]
    [InlineData("/index.php?p=1", "/a?x=1", "/index.php", "p=1&x=1")]
    [InlineData("/index.php?p=1", "/a", "/index.php", "p=1")]
    [InlineData("/cost$1", "/a", "/cost$1", "")]
    public async Task A_whole_path(string to, string target, string path, string query) => await Check(new RewriteConfig { To = to }, target, path, query);

    [Theory]
    [InlineData("/a", "/b", "/a", "/b", "")]
    [InlineData("/a", "/b", "/a/", "/b/", "")]
    [InlineData("/a", "/b", "/a/c%20d?q", "/b/c%20d", "q")]
    [InlineData("/a", "/b/", "/a/c", "/b/c", "")]
    [InlineData("/a", "/", "/a/c", "/c", "")]
    [InlineData("/a", "/", "/a", "/", "")]
    [InlineData("/a", "/b", "/%61/x", "/b/x", "")]
    public async Task A_folder(string from, string to, string target, string path, string query) =>
        await Check(new RewriteConfig { From = from, To = to }, target, path, query);

    [Theory]
    [InlineData(@"^/u/(\d+)$", "/users/$1", "/u/42?x", "/users/42", "x")]
    [InlineData("^/(.*)$", "/index.php?q=$1", "/a/b c?x=1", "/index.php", "q=a%2Fb%20c&x=1")]
    [InlineData("^/(.*)$", "/index.php?q=$1", "/a%26b%3Dc%23d", "/index.php", "q=a%26b%3Dc%23d")]
    [InlineData("^/(a)(b)?", "/$2$1$$$0", "/a", "/a$/a", "")]
    [InlineData("é", "/$0", "/caf%C3%A9", "/%C3%A9", "")]
    [InlineData("(?i)^/API/", "/v1/", "/api/", "/v1/", "")]
    public async Task By_a_regular_expression(string regex, string to, string target, string path, string query) =>
        await Check(new RewriteConfig { Regex = regex, To = to }, target, path, query);

    [Theory]
    [InlineData("/a", null, "/ab?x=1")]
    [InlineData("/a", null, "/b/a")]
    [InlineData(null, "^/u/", "/v/?x=1")]
    public async Task What_does_not_match_stays(string? from, string? regex, string target)
    {
        var config = new RewriteConfig { From = from, Regex = regex, To = "/new", Query = new QueryRulesConfig { Remove = ["*"] } };
        var exchange = await Run(config, target);
        Assert.False(exchange.Request.IsRewritten);
        Assert.Equal(target, exchange.Request.RawPath() + (exchange.Request.HasQuery ? "?" + exchange.Request.Query() : ""));
    }

    [Theory]
    [InlineData("a=1&b=2&a=3&c", "a", "", "", "b=2&c")]
    [InlineData("a=1&%61=2&b", "a", "", "", "b")]
    [InlineData("a=1", "*", "", "", "")]
    [InlineData("a=1&b=2", "", "a=9", "", "b=2&a=9")]
    [InlineData("a=1", "", "", "a=2", "a=1&a=2")]
    [InlineData("", "", "x=a b&c/ü", "", "x=a+b%26c%2F%C3%BC")]
    [InlineData("&&a=1&&", "b", "", "", "a=1")]
    [InlineData("a+b=1&c=%zz", "a b", "", "", "c=%zz")]
    public async Task The_query(string query, string remove, string set, string add, string expected)
    {
        var config = new RewriteConfig
        {
            Query = new QueryRulesConfig { Remove = remove.Length == 0 ? [] : [remove], Set = Pairs(set), Add = Pairs(add) },
        };
        await Check(config, "/p?" + query, "/p", expected);
    }

    [Fact]
    public async Task A_question_mark_alone_stays_unless_rules_empty_the_query()
    {
        Assert.True((await Run(new RewriteConfig { To = "/b" }, "/a?")).Request.HasQuery);
        Assert.False((await Run(new RewriteConfig { To = "/b" }, "/a")).Request.HasQuery);
        Assert.False((await Run(new RewriteConfig { Query = new QueryRulesConfig { Remove = ["a"] } }, "/a?a=1")).Request.HasQuery);
    }

    [Fact]
    public async Task The_target_stays_for_logs()
    {
        var exchange = await Run(new RewriteConfig { To = "/new" }, "/old?x");
        Assert.Equal("/old?x", System.Text.Encoding.ASCII.GetString(exchange.Request.Target));
    }

    [Theory]
    [InlineData("^/(.*)$", "/new/../$1", "/a")]
    [InlineData("^/x(.*)$", "/new/$1/y", "/x..")]
    public async Task Dots_that_a_group_brings_in_are_resolved(string regex, string to, string target)
    {
        var exchange = await Run(new RewriteConfig { Regex = regex, To = to }, target);
        Assert.DoesNotContain("..", exchange.Request.RawPath(), StringComparison.Ordinal);
        Assert.DoesNotContain("..", exchange.Request.Path(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("^/x(.*)$", "/$1/y", "/x..")]
    [InlineData("^/(.)(.*)$", "/$2/..", "/x..")]
    [InlineData("^/(.*)$", "/../$1", "/x")]
    public async Task What_leaves_the_root_is_refused(string regex, string to, string target)
    {
        var inner = Inner.Says("no");
        var handler = new RewriteFeature().Wrap(new RewriteConfig { Regex = regex, To = to }, inner, Reading.Context());
        var exchange = new FakeExchange("GET", target);
        Assert.True(exchange.Request.TryNormalizePath());
        var path = exchange.Request.Path();
        var refused = await Assert.ThrowsAsync<BadRequestException>(async () => await handler.HandleAsync(exchange));
        Assert.Equal((400, 0, path), (refused.Status, inner.Calls, exchange.Request.Path()));
    }

    [Fact]
    public async Task Options_of_the_server_have_no_path()
    {
        var exchange = new FakeExchange("OPTIONS", "*");
        await new RewriteFeature().Wrap(new RewriteConfig { To = "/x" }, Inner.Says("x"), Reading.Context()).HandleAsync(exchange);
        Assert.Equal("*", exchange.Request.RawPath());
    }

    [Fact]
    public async Task A_second_rewrite_sees_the_first()
    {
        var config = new RewriteConfig { From = "/b", To = "/c", Query = new QueryRulesConfig { Add = Pairs("z=1") } };
        var second = new RewriteFeature().Wrap(config, Inner.Says("x"), Reading.Context());
        var exchange = await Run(new RewriteConfig { From = "/a", To = "/b?y=2" }, "/a/%2e%2e/a/q?x=1", second);
        Assert.Equal(("/c/q", "y=2&x=1&z=1"), (exchange.Request.RawPath(), exchange.Request.Query()));
    }

    [Fact]
    public void An_upstream_is_asked_for_the_new_path()
    {
        using var upstream = new EchoUpstream();
        var config = new RewriteConfig { Regex = "^/u/(.*)$", To = "/users/$1?from=u" };
        using var server = new EdgeServer(reactors => new RewriteFeature().Wrap(config, upstream.Proxy(reactors), Reading.Context()));
        Assert.StartsWith("GET /users/a%20b%3F?from=u&x=1 HTTP/1.1\r\n", server.Get("/u/a%20b%3f?x=1").Text, StringComparison.Ordinal);
        Assert.StartsWith("GET /other?x=1 HTTP/1.1\r\n", server.Get("/other?x=1").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_path_costs_linear_time()
    {
        // With backtracking this takes longer than the universe is old.
        var handler = new RewriteFeature().Wrap(new RewriteConfig { Regex = "^/(a+)+$", To = "/x" }, Inner.Says("x"), Reading.Context());
        var exchange = Reading.Exchange("/" + new string('a', 8000) + "!");
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.True(handler.HandleAsync(exchange).IsCompletedSuccessfully);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 5);
        Assert.False(exchange.Request.IsRewritten);
    }

    [Fact]
    public void Whatever_a_group_holds_the_result_is_a_safe_target()
    {
        var handler = new RewriteFeature().Wrap(new RewriteConfig { Regex = "(?s)^/(.*)$", To = "/in/$1?q=$1" }, Inner.Says("x"), Reading.Context());
        Gen.Char["ab./%?&#\\+ é\u0007$"].Array[0, 24].Sample(characters =>
        {
            var target = "/" + Uri.EscapeDataString(new string(characters)).Replace("%2F", "/", StringComparison.Ordinal);
            var exchange = new FakeExchange("GET", target);
            if (!exchange.Request.TryNormalizePath())
                return;
            var before = exchange.Request.Path();
            Assert.True(handler.HandleAsync(exchange).IsCompletedSuccessfully);
            Assert.Equal("/in" + before, exchange.Request.Path());
            Assert.DoesNotContain(exchange.Request.RawPath() + exchange.Request.Query(), c => c is <= ' ' or '#' or >= '\x7f');
            var raw = exchange.Request.RawPath();
            var again = new FakeExchange("GET", raw);
            Assert.True(again.Request.TryNormalizePath());
            Assert.Equal(exchange.Request.Path(), again.Request.Path());
        });
    }

    [Fact]
    public async Task Without_an_expression_nothing_is_allocated()
    {
        var body = "ok"u8.ToArray();
        var config = new RewriteConfig { From = "/a", To = "/b", Query = new QueryRulesConfig { Remove = ["x"] } };
        var handler = new RewriteFeature().Wrap(config, new Inner(exchange => exchange.SendAsync(body)), Reading.Context());
        var exchange = Reading.Exchange();
        var allocated = 0L;
        for (var i = 0; i < 200; i++)
        {
            exchange.Restart("GET", "/a/b?x=1&y=2");
            var before = GC.GetAllocatedBytesForCurrentThread();
            await handler.HandleAsync(exchange);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
    }

    private static async Task Check(RewriteConfig config, string target, string path, string query)
    {
        Assert.Empty(Faults.Of(config).All);
        var exchange = await Run(config, target);
        Assert.Equal((path, query), (exchange.Request.RawPath(), exchange.Request.Query()));
        Assert.Equal(Uri.UnescapeDataString(path), exchange.Request.Path());
        Assert.Equal(query.Length > 0, exchange.Request.HasQuery);
    }

    private static async Task<FakeExchange> Run(RewriteConfig config, string target, IHandler? inner = null)
    {
        var exchange = Reading.Exchange(target.Replace(" ", "%20", StringComparison.Ordinal));
        await new RewriteFeature().Wrap(config, inner ?? Inner.Says("x"), Reading.Context()).HandleAsync(exchange);
        return exchange;
    }

    private static Dictionary<string, string> Pairs(string pair) =>
        pair.Length == 0 ? [] : new Dictionary<string, string> { [pair.Split('=', 2)[0]] = pair.Split('=', 2)[1] };
}
