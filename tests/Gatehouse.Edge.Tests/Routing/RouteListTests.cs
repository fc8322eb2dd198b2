using Gatehouse.Edge.Routing;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Routing;

public sealed class RouteListTests
{
    [Theory]
    [InlineData("/ping", "ping", "/ping")]
    [InlineData("/x/", "x", "/x/*")]
    [InlineData("/x/y", "x", "/x/*")]
    [InlineData("/x/y.php", "x", "/x/*")]
    [InlineData("/y.php", "php", "*.php")]
    [InlineData("/%70ing", "ping", "/ping")]
    [InlineData("/a/../ping", "ping", "/ping")]
    public async Task The_first_that_matches_answers(string target, string text, string route)
    {
        var exchange = await Ask(target);
        Assert.Equal((200, text, route), (exchange.Response.Status, exchange.Text(), exchange.Notes.Route));
    }

    [Fact]
    public async Task None_is_404()
    {
        var exchange = await Ask("/other");
        Assert.Equal((404, null, false), (exchange.Response.Status, exchange.Notes.Route, exchange.IsEnded));
    }

    [Fact]
    public async Task A_route_whose_conditions_do_not_hold_is_passed_by()
    {
        Assert.Equal("beta", (await Ask("/api/a", ("X-Beta", "1"), ("X-Two", "2"))).Text());
        Assert.Equal("api", (await Ask("/api/a", ("X-Beta", "1"))).Text());
        Assert.Equal("api", (await Ask("/api/a")).Text());
    }

    [Theory]
    [InlineData("/x", "/x/")]
    [InlineData("/x?a=1&b", "/x/?a=1&b")]
    [InlineData("/x?", "/x/?")]
    [InlineData("/%78", "/x/")]
    [InlineData("//x", "/x/")]
    [InlineData("/%2Fx", "/x/")]
    public async Task A_folder_without_its_slash_gets_it(string target, string location)
    {
        var exchange = await Ask(target);
        Assert.Equal((308, location), (exchange.Response.Status, exchange.Response.Field("Location")));
        Assert.True(exchange.IsEnded);
    }

    [Fact]
    public async Task A_location_never_leads_to_another_host()
    {
        // A path like //evil.example/ would be a network-path reference (RFC 3986 section 4.2).
        var exchange = Reading.Exchange("//evil.example");
        await SlashRedirect.SendAsync(exchange);
        Assert.Equal("/evil.example/", exchange.Response.Field("Location"));
    }

    [Fact]
    public async Task The_conditions_of_a_folder_hold_for_the_redirect_too() => Assert.Equal(404, (await Ask("/api")).Response.Status);

    private static async Task<FakeExchange> Ask(string target, params (string Name, string Value)[] fields)
    {
        var routes = new RouteList(
        [
            Route("/ping", "ping"),
            Route("/x/*", "x"),
            Route("*.php", "php"),
            Route("/api/*", "beta", new HeaderCondition("X-Beta", "1"), new HeaderCondition("X-Two", "2")),
            Route("/api/a", "api"),
        ]);
        var exchange = Reading.Exchange(target, fields);
        await routes.HandleAsync(exchange);
        return exchange;
    }

    private static Route Route(string pattern, string text, params RouteCondition[] conditions) =>
        new(PathPattern.Parse(pattern), conditions, Inner.Says(text), pattern);
}
