using System.Net;

namespace Gatehouse.Web.Tests.Routing;

public sealed class RoutingTests
{
    [Fact]
    public async Task A_route_runs_its_handler()
    {
        var app = new App();
        app.Get("/", () => "Welcome to the machine").Inline();
        app.Get("/hello/{name}", (string name) => $"Hello, {name}!");
        await using var client = new TestClient(app);
        Assert.Equal("Welcome to the machine", await (await client.GetAsync("/")).TextAsync());
        Assert.Equal("Hello, Jürgen & co!", await (await client.GetAsync("/hello/J%C3%BCrgen%20%26%20co")).TextAsync());
        await (await client.GetAsync("/nowhere")).TextAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/books/new", "new")]
    [InlineData("/books/7", "number 7")]
    [InlineData("/books/dune", "title dune")]
    [InlineData("/books/dune/", "title dune")]
    [InlineData("/books/9999999999", "title 9999999999")]
    [InlineData("/archive", "0-0")]
    [InlineData("/archive/1999", "1999-0")]
    [InlineData("/archive/1999/12", "1999-12")]
    [InlineData("/files/", "file ''")]
    [InlineData("/files/a/b/c.txt", "file 'a/b/c.txt'")]
    [InlineData("/year/2001", "in range")]
    [InlineData("/code/ab-12", "code ab-12")]
    public async Task Literals_come_before_constraints_and_those_before_what_takes_all(string path, string expected)
    {
        var app = new App();
        app.Get("/books/{title}", (string title) => $"title {title}");
        app.Get("/books/{id:int}", (int id) => $"number {id}");
        app.Get("/books/new", () => "new");
        app.Get("/archive/{year:int?}/{month:int?}", (int? year, int? month) => $"{year ?? 0}-{month ?? 0}");
        app.Get("/files/{*path}", (string path) => $"file '{path}'");
        app.Get("/year/{year:range(1990,2100)}", () => "in range");
        app.Get("/code/{code:regex([a-z]{2}-[0-9]{2})}", (string code) => $"code {code}");
        await using var client = new TestClient(app);
        Assert.Equal(expected, await (await client.GetAsync(path)).TextAsync());
    }

    [Theory]
    [InlineData("/archive/abc")]
    [InlineData("/archive/1999/12/1")]
    [InlineData("/year/1989")]
    [InlineData("/year/+2001")]
    [InlineData("/code/abc-12")]
    public async Task What_meets_no_constraint_is_not_found(string path)
    {
        var app = new App();
        app.Get("/archive/{year:int?}/{month:int?}", (int? year, int? month) => $"{year}-{month}");
        app.Get("/year/{year:range(1990,2100)}", () => "in range");
        app.Get("/code/{code:regex([a-z]{2}-[0-9]{2})}", (string code) => $"code {code}");
        await using var client = new TestClient(app);
        await (await client.GetAsync(path)).TextAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Another_method_is_not_allowed_and_told_which_are()
    {
        var app = new App();
        app.Get("/books/{id:int}", (int id) => $"{id}");
        app.Delete("/books/{id:int}", (int id) => $"gone {id}");
        app.Post("/books/new", () => "made");
        app.Get("/books/{name}", (string name) => name);
        await using var client = new TestClient(app);

        var refused = await client.PostAsync("/books/7", null);
        await refused.TextAsync(HttpStatusCode.MethodNotAllowed);
        Assert.Equal(["DELETE", "GET", "HEAD", "OPTIONS"], refused.Content.Headers.Allow);

        // The literal has no GET: the parameter beside it has.
        Assert.Equal("new", await (await client.GetAsync("/books/new")).TextAsync());

        var options = await client.SendAsync("OPTIONS", "/books/7");
        await options.TextAsync(HttpStatusCode.NoContent);
        Assert.Equal(["DELETE", "GET", "HEAD", "OPTIONS"], options.Content.Headers.Allow);

        var head = await client.SendAsync("HEAD", "/books/7");
        Assert.Equal("", await head.TextAsync());
        Assert.Equal(1, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_method_of_ones_own_and_every_method()
    {
        var app = new App();
        app.Map(["PURGE"], "/cache", () => "purged");
        app.Map([], "/any", (Http.Request request) => System.Text.Encoding.ASCII.GetString(request.MethodName));
        await using var client = new TestClient(app);
        Assert.Equal("purged", await (await client.SendAsync("PURGE", "/cache")).TextAsync());
        await (await client.SendAsync("purge", "/cache")).TextAsync(HttpStatusCode.MethodNotAllowed);
        Assert.Equal("BREW", await (await client.SendAsync("BREW", "/any")).TextAsync());
        Assert.Equal("DELETE", await (await client.SendAsync("DELETE", "/any")).TextAsync());
    }

    [Fact]
    public async Task Hosts_are_told_apart()
    {
        var app = new App();
        app.Get("/", () => "everyone");
        app.Get("/", () => "api").Host("api.example.com");
        app.Get("/", () => "below").Host("*.example.org");
        await using var client = new TestClient(app);
        Assert.Equal("everyone", await (await client.SendAsync("GET", "/", ("Host", "example.org"))).TextAsync());
        Assert.Equal("api", await (await client.SendAsync("GET", "/", ("Host", "API.example.com:8080"))).TextAsync());
        Assert.Equal("below", await (await client.SendAsync("GET", "/", ("Host", "a.example.org"))).TextAsync());
        Assert.Equal("everyone", await (await client.SendAsync("GET", "/", ("Host", "evilexample.org"))).TextAsync());
    }

    [Fact]
    public async Task Urls_are_built_from_names()
    {
        var app = new App();
        app.Get("/books/{id:int}", (int id) => $"{id}").Named("book");
        app.Get("/files/{*path}", (string path) => path).Named("file");
        app.Get("/archive/{year:int?}/{month:int?}", () => "").Named("archive");
        await using var client = new TestClient(app);
        Assert.Equal("/books/7?page=2&q=a+%26+b", app.Url("book", new { id = 7, page = 2, q = "a & b" }));
        Assert.Equal("/files/a/b%20c.txt", app.Url("file", new { path = "a/b c.txt" }));
        Assert.Equal("/archive/1999", app.Url("archive", new { year = 1999 }));
        Assert.Equal("/archive", app.Url("archive"));
        Assert.Contains("'id'", Assert.Throws<ArgumentException>(() => app.Url("book")).Message, StringComparison.Ordinal);
        Assert.Contains("to be int", Assert.Throws<ArgumentException>(() => app.Url("book", new { id = "x" })).Message, StringComparison.Ordinal);
        Assert.Contains("archive, book, file", Assert.Throws<ArgumentException>(() => app.Url("shelf")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conflicts_are_found_at_start_with_both_places()
    {
        var app = new App();
        app.Get("/books/{id:int}", (int id) => $"{id}");
        app.Get("/books/{number:int}", (int number) => $"{number}");
        var conflict = Assert.Throws<RouteException>(() => new TestClient(app));
        Assert.Matches(@"GET /books/\{id:int\} \(RoutingTests\.cs:\d+\) and GET /books/\{number:int\} \(RoutingTests\.cs:\d+\)", conflict.Message);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_name_is_given_once()
    {
        var app = new App();
        app.Get("/a", () => "a").Named("x");
        app.Get("/b", () => "b").Named("x");
        Assert.Matches(@"'x'.*RoutingTests\.cs:\d+.*RoutingTests\.cs:\d+", Assert.Throws<RouteException>(() => new TestClient(app)).Message);
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData("/a/{b", "whole segment")]
    [InlineData("/a/x{b}", "whole segment")]
    [InlineData("/a/{b:inr}", "no constraint")]
    [InlineData("/a/{b:range(1)}", "two numbers")]
    [InlineData("/a/{b:regex([)}", "regex")]
    [InlineData("/a/{b?}/c", "optional")]
    [InlineData("/a/{*b}/c", "rest of the path")]
    [InlineData("/a/{b}/{b}", "twice")]
    [InlineData("/a//b", "empty")]
    public async Task A_pattern_that_is_none_is_refused(string pattern, string expected)
    {
        var app = new App();
        app.Get(pattern, () => "");
        var refused = Assert.Throws<RouteException>(() => new TestClient(app));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Contains("RoutingTests.cs:", refused.Message, StringComparison.Ordinal);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Groups_modules_and_middleware()
    {
        var app = new App();
        app.Use(async (context, next) =>
        {
            context.SetHeader("X-Outer", "1");
            await next.HandleAsync(context.Exchange);
        });
        app.Get("/", () => "root");
        var api = app.Group("/api");
        api.Use((context, next) => context.Header("Authorization") is null ? new Problem(401).WriteAsync(context) : next.HandleAsync(context.Exchange));
        api.Get("/", () => "api root");
        api.Group("/v1").Get("/things/{id}", (string id, Context context) => id + context.Value("id"));
        app.Mount("/admin", new AdminModule());
        await using var client = new TestClient(app);
        var root = await client.GetAsync("/");
        Assert.Equal("root", await root.TextAsync());
        Assert.Equal(["1"], root.Headers.GetValues("X-Outer"));
        await (await client.GetAsync("/api")).TextAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("api root", await (await client.SendAsync("GET", "/api", ("Authorization", "x"))).TextAsync());
        Assert.Equal("aa", await (await client.SendAsync("GET", "/api/v1/things/a", ("Authorization", "x"))).TextAsync());
        Assert.Equal("admin of users", await (await client.GetAsync("/admin/users")).TextAsync());
        var missing = await client.GetAsync("/nowhere");
        await missing.TextAsync(HttpStatusCode.NotFound);
        Assert.Equal(["1"], missing.Headers.GetValues("X-Outer"));
    }

    private sealed class AdminModule : IModule
    {
        public void Map(RouteGroup routes) => routes.Get("/{what}", (string what) => $"admin of {what}");
    }
}
