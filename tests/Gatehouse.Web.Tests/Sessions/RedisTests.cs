using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Tests.Sessions;

/// <summary>Sessions in Debian's Redis, over a real connection.</summary>
public sealed class RedisTests
{
    [Fact]
    public async Task Two_instances_share_their_sessions()
    {
        using var folder = new TempFolder();
        var port = FreePort.Tcp();
        using var redis = PeerProcess.Start("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.Path]);
        redis.WaitForPort(port);
        await using var first = new TestClient(Make(port, folder.Path));
        await using var second = new TestClient(Make(port, folder.Path));
        Assert.Equal("1", await (await first.GetAsync("/count")).TextAsync());
        Assert.Equal("2", await (await first.GetAsync("/count")).TextAsync());
        foreach (System.Net.Cookie cookie in first.Cookies.GetCookies(first.BaseAddress!))
            second.Cookies.Add(new System.Net.Cookie(cookie.Name, cookie.Value, "/", "localhost"));
        Assert.Equal("3", await (await second.GetAsync("/count")).TextAsync());
        Assert.Equal("4", await (await first.GetAsync("/count")).TextAsync());
        await (await first.GetAsync("/out")).TextAsync();
        Assert.Equal("1", await (await second.GetAsync("/count")).TextAsync());
    }

    [Fact]
    public async Task Without_the_store_a_session_is_an_error_and_the_rest_goes_on()
    {
        using var folder = new TempFolder();
        await using var client = new TestClient(Make(FreePort.Tcp(), folder.Path));
        Assert.Equal("fine", await (await client.GetAsync("/fine")).TextAsync());
        await (await client.GetAsync("/count")).TextAsync(System.Net.HttpStatusCode.InternalServerError);
        Assert.Equal("fine", await (await client.GetAsync("/fine")).TextAsync());
    }

    private static App Make(int port, string folder)
    {
        var app = new App();
        app.Sessions.KeyFolder = Path.Combine(folder, "keys");
        app.Sessions.IsServerSide = true;
        app.Services.AddStackExchangeRedisCache(options => options.Configuration = $"127.0.0.1:{port},connectTimeout=2000,syncTimeout=2000,connectRetry=1");
        app.Get("/count", (Session session) =>
        {
            session.Set("count", session.Get<int>("count") + 1);
            return session["count"]!;
        });
        app.Get("/out", (Session session) => session.SignOut());
        app.Get("/fine", () => "fine");
        return app;
    }
}
