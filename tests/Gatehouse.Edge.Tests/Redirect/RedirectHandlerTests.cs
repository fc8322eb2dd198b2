using CsCheck;
using Gatehouse.Edge.Redirect;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Redirect;

public sealed class RedirectHandlerTests
{
    [Theory]
    [InlineData("/old/*", "/new/", "/old/a/b", "/new/a/b")]
    [InlineData("/old/*", "/new/", "/old/", "/new/")]
    [InlineData("/old/*", "/new/", "/old/a?x=1&y", "/new/a?x=1&y")]
    [InlineData("/old/*", "/new/", "/old/a%20b%3Fc%23", "/new/a%20b%3Fc%23")]
    [InlineData("/old/*", "/new/", "/old/caf%C3%A9", "/new/caf%C3%A9")]
    [InlineData("/old/*", "/new", "/old/a?x", "/new")]
    [InlineData("/*", "https://example.com/", "/a/b?c", "https://example.com/a/b?c")]
    [InlineData("/*", "https://example.com/", "//evil.example/a", "https://example.com/evil.example/a")]
    [InlineData("/*", "/", "//evil.example/a", "/evil.example/a")]
    [InlineData("/ping", "/pong/", "/ping", "/pong/")]
    [InlineData("*.php", "/new/", "/a/b.php", "/new/a/b")]
    public async Task Leads_to(string pattern, string to, string target, string location)
    {
        var exchange = await Ask(pattern, new RedirectConfig { To = to }, target);
        Assert.Equal((308, location, true), (exchange.Response.Status, exchange.Response.Field("Location"), exchange.IsEnded));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    public async Task With_its_status(int status) =>
        Assert.Equal(status, (await Ask("/*", new RedirectConfig { To = "/x", Status = status }, "/")).Response.Status);

    [Fact]
    public void No_target_splits_the_field() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        var exchange = new FakeExchange("GET", "/old/" + string.Concat(bytes.Select(b => $"%{b:X2}")));
        if (!exchange.Request.TryNormalizePath())
            return;
        Assert.True(new RedirectFeature().Build(new RedirectConfig { To = "/new/" }, Reading.Context("/old/*")).HandleAsync(exchange).IsCompletedSuccessfully);
        Assert.DoesNotContain(exchange.Response.Field("Location")!, c => c is <= ' ' or >= '\x7f');
        Assert.StartsWith("/new/", exchange.Response.Field("Location"), StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("new", 308, "to")]
    [InlineData("ftp://a/", 308, "to")]
    [InlineData("javascript:alert(1)", 308, "to")]
    [InlineData("/a b", 308, "to")]
    [InlineData("/a\r\nX: 1", 308, "to")]
    [InlineData("/é", 308, "to")]
    [InlineData("/a", 304, "status")]
    [InlineData("/a", 305, "status")]
    [InlineData("/a", 306, "status")]
    public void Faults_are_told(string to, int status, string setting) =>
        Assert.Equal([setting], Faults.Of(new RedirectConfig { To = to, Status = status }).Settings);

    private static async Task<FakeExchange> Ask(string pattern, RedirectConfig config, string target)
    {
        var exchange = Reading.Exchange(target);
        await new RedirectFeature().Build(config, Reading.Context(pattern)).HandleAsync(exchange);
        return exchange;
    }
}
