using System.Net;
using Gatehouse.Testing;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Tests.Sessions;

public sealed class SessionTests : IDisposable
{
    private static readonly Uri Site = new("http://localhost/");
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_is_kept_from_request_to_request(bool isServerSide)
    {
        await using var client = new TestClient(Make(isServerSide));
        await (await client.GetAsync("/")).TextAsync();
        Assert.Empty(client.Cookies.GetCookies(Site));
        Assert.Equal("1", await (await client.GetAsync("/count")).TextAsync());
        Assert.Equal("2", await (await client.GetAsync("/count")).TextAsync());
        var cookie = Assert.Single(client.Cookies.GetCookies(Site));
        Assert.True(cookie.HttpOnly);
        var set = Assert.Single((await client.GetAsync("/count")).Headers.GetValues("Set-Cookie"));
        Assert.Contains("SameSite=Lax", set, StringComparison.Ordinal);
        Assert.Contains("Path=/;", set, StringComparison.Ordinal);
        Assert.Equal("0 flashes", await (await client.GetAsync("/flashes")).TextAsync());
        await (await client.GetAsync("/flash")).TextAsync();
        Assert.Equal("1 flashes", await (await client.GetAsync("/flashes")).TextAsync());
        Assert.Equal("0 flashes", await (await client.GetAsync("/flashes")).TextAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cookie_that_was_tampered_with_is_no_session(bool isServerSide)
    {
        await using var client = new TestClient(Make(isServerSide));
        Assert.Equal("1", await (await client.GetAsync("/count")).TextAsync());
        var value = Assert.Single(client.Cookies.GetCookies(Site)).Value;
        for (var i = 0; i < value.Length; i += 7)
        {
            var tampered = value[..i] + (value[i] == 'A' ? 'B' : 'A') + value[(i + 1)..];
            Assert.Equal("nobody", await (await SendAsync(client, "/who", tampered)).TextAsync());
        }
        foreach (var bad in new[] { "", "x", value[..^4], value + value, "AAAA", "%00", "\"" + value + "\"" })
            Assert.Equal("nobody", await (await SendAsync(client, "/who", bad)).TextAsync());
    }

    [Fact]
    public async Task A_planted_identifier_is_not_taken_over_and_signing_in_gives_another()
    {
        await using var client = new TestClient(Make(isServerSide: true));
        Assert.Equal("1", await (await client.GetAsync("/count")).TextAsync());
        var planted = Assert.Single(client.Cookies.GetCookies(Site)).Value;
        Assert.Equal("in", await (await client.GetAsync("/in")).TextAsync());
        var signedIn = Assert.Single(client.Cookies.GetCookies(Site)).Value;
        Assert.NotEqual(planted, signedIn);
        Assert.Equal("ann", await (await SendAsync(client, "/who", signedIn)).TextAsync());
        // Who planted the first identifier has nothing of it.
        Assert.Equal("nobody", await (await SendAsync(client, "/who", planted)).TextAsync());
        Assert.Equal("out", await (await SendAsync(client, "/out", signedIn)).TextAsync());
        Assert.Empty(client.Cookies.GetCookies(Site));
        Assert.Equal("nobody", await (await SendAsync(client, "/who", signedIn)).TextAsync());
    }

    [Fact]
    public async Task Over_tls_the_cookie_is_secure_and_bound_to_the_host()
    {
        var app = Make(isServerSide: false);
        app.Use((context, next) =>
        {
            context.Request.IsSecure = true;
            return next.HandleAsync(context.Exchange);
        });
        await using var client = new TestClient(app);
        var set = Assert.Single((await client.GetAsync("/count")).Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-session=", set, StringComparison.Ordinal);
        Assert.Contains("Secure", set, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_who_signed_in_gets_through_and_returns_to_a_path_of_this_site()
    {
        await using var client = new TestClient(Make(isServerSide: false));
        var sent = await client.SendAsync("GET", "/private/x", ("Accept", "text/html"));
        await sent.TextAsync(HttpStatusCode.SeeOther);
        Assert.Equal("/in?return=%2Fprivate%2Fx", sent.Headers.Location?.OriginalString);
        await (await client.GetAsync("/private/x")).TextAsync(HttpStatusCode.Unauthorized);
        await (await client.GetAsync("/in")).TextAsync();
        Assert.Equal("private", await (await client.GetAsync("/private/x")).TextAsync());
        await (await client.GetAsync("/admin")).TextAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Another_store_may_be_given()
    {
        var app = Make(isServerSide: true);
        var store = new Recording();
        app.Services.AddSingleton<IDistributedCache>(store);
        await using var client = new TestClient(app);
        Assert.Equal("1", await (await client.GetAsync("/count")).TextAsync());
        var key = Assert.Single(store.Values).Key;
        Assert.Matches("^session:[0-9a-f]{64}$", key);
        Assert.Equal("2", await (await client.GetAsync("/count")).TextAsync());
        store.Values.Clear();
        Assert.Equal("1", await (await client.GetAsync("/count")).TextAsync());
    }

    [Fact]
    public async Task A_session_that_no_cookie_can_hold_is_refused()
    {
        await using var client = new TestClient(Make(isServerSide: false));
        await (await client.GetAsync("/big")).TextAsync(HttpStatusCode.InternalServerError);
    }

    // With a cookie of its own, in place of those that the client holds.
    private static Task<HttpResponseMessage> SendAsync(TestClient client, string path, string cookie)
    {
        foreach (Cookie held in client.Cookies.GetCookies(Site))
            held.Expired = true;
        return client.SendAsync("GET", path, ("Cookie", $"session={cookie}"));
    }

    private App Make(bool isServerSide)
    {
        var app = new App();
        app.Sessions.KeyFolder = _folder.Path;
        app.Sessions.IsServerSide = isServerSide;
        app.Get("/", (Session session) => $"{session["x"]}");
        app.Get("/count", (Session session) =>
        {
            session.Set("count", session.Get<int>("count") + 1);
            return session["count"]!;
        });
        app.Get("/who", (Session session) => session.User ?? "nobody");
        app.Get("/in", (Session session) =>
        {
            session.SignIn("ann", "reader");
            return "in";
        });
        app.Get("/out", (Session session) =>
        {
            session.SignOut();
            return "out";
        });
        app.Get("/flash", (Session session) => session.Flash("saved"));
        app.Get("/flashes", (Session session) => $"{session.TakeFlashes().Count} flashes");
        app.Get("/big", (Session session) => { session["big"] = new string('x', 5000); });
        app.Group("/private").RequireSignIn("/in").Get("/x", () => "private");
        app.Get("/admin", () => "admin").RequireSignIn(null, "admin");
        return app;
    }

    private sealed class Recording : IDistributedCache
    {
        public Dictionary<string, byte[]> Values { get; } = [];

        public byte[]? Get(string key) => Values.GetValueOrDefault(key);

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(Get(key));

        public void Refresh(string key)
        {
        }

        public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

        public void Remove(string key) => Values.Remove(key);

        public Task RemoveAsync(string key, CancellationToken token = default)
        {
            Remove(key);
            return Task.CompletedTask;
        }

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => Values[key] = value;

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            Set(key, value, options);
            return Task.CompletedTask;
        }
    }
}
