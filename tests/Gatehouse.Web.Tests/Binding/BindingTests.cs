using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text;
using Gatehouse.Http.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Tests.Binding;

public sealed class BindingTests
{
    public enum Colour
    {
        Red,
        Green,
    }

    [Fact]
    public async Task Values_come_from_query_head_and_cookies()
    {
        var app = new App();
        app.Get("/q", (int page, string? q, bool exact, Colour colour, Guid? id, int[] tags, DateOnly from, decimal price, int size = 20) =>
            $"{page} {q ?? "-"} {exact} {colour} {id} {string.Join('+', tags)} {from:yyyy-MM-dd} {price} {size}");
        app.Get("/h", ([FromHeader("X-Version")] int version, [FromHeader] string user_agent, [FromCookie] string? theme) => $"{version} {user_agent} {theme}");
        await using var client = new TestClient(app);
        Assert.Equal(
            "3 a b True Green  1+2 2026-01-31 9.90 20",
            await (await client.GetAsync("/q?page=3&q=a+b&exact=on&colour=green&tags=1&tags=2&from=2026-01-31&price=9.90&id=")).TextAsync());
        Assert.Equal("7 - False Red ca761232-ed42-11ce-bacd-00aa0057b223  2026-01-31 1 5", await (await client.GetAsync(
            "/q?page=7&exact=false&colour=Red&from=2026-01-31&price=1&size=5&id=ca761232-ed42-11ce-bacd-00aa0057b223")).TextAsync());
        Assert.Equal("2 me dark", await (await client.SendAsync("GET", "/h", ("X-Version", "2"), ("User-Agent", "me"), ("Cookie", "theme=dark"))).TextAsync());
    }

    [Fact]
    public async Task Every_field_that_is_wrong_is_named()
    {
        var app = new App();
        app.Get("/q", (int page, string q, Colour colour, int[] tags, [Range(1, 100)] int size = 20) => "never");
        await using var client = new TestClient(app);
        var errors = await (await client.GetAsync("/q?page=x&colour=7&tags=1&tags=b")).ErrorsAsync();
        Assert.Equal(["colour", "page", "q", "tags"], errors.Keys.Order());
        Assert.Equal("expected a whole number from -2147483648 to 2147483647; found 'x'", errors["page"]);
        Assert.Equal("is required; expected it in the query", errors["q"]);
        Assert.Equal("expected one of Red, Green; found '7'", errors["colour"]);
        errors = await (await client.GetAsync("/q?page=1&q=a&colour=Red&size=101")).ErrorsAsync();
        Assert.Equal(["size"], errors.Keys);
    }

    [Fact]
    public async Task A_record_comes_from_json_a_form_or_the_query()
    {
        var app = new App();
        app.Post("/books", (NewBook book) => $"{book.Title} {book.Pages} {string.Join('+', book.Tags ?? [])} {book.Author?.Name}").WithoutCsrf();
        app.Get("/books", (Search search) => $"{search.Q} {search.Page}");
        await using var client = new TestClient(app);
        Assert.Equal("Dune 412 a+b Frank", await (await client.PostJsonAsync("/books", """{"title":"Dune","pages":412,"tags":["a","b"],"author":{"name":"Frank"}}""")).TextAsync());
        Assert.Equal("Dune 412 a+b Frank", await (await client.PostFormAsync("/books", ("title", "Dune"), ("pages", "412"), ("tags", "a"), ("tags", "b"), ("author.name", "Frank"))).TextAsync());
        Assert.Equal("dune 2", await (await client.GetAsync("/books?q=dune&page=2")).TextAsync());
        Assert.Equal(" 1", await (await client.GetAsync("/books")).TextAsync());
    }

    [Theory]
    [InlineData("""{"title":7,"pages":"x"}""", "title", "pages")]
    [InlineData("""{"pages":1}""", "title")]
    [InlineData("""{"title":null,"pages":1}""", "title")]
    [InlineData("""{"title":"","pages":0}""", "title", "pages")]
    [InlineData("""{"title":"x","pages":1,"author":{"name":7}}""", "author.name")]
    [InlineData("""{"title":"x","pages":1,"tags":[1]}""", "tags[0]")]
    [InlineData("""{"title":"x","title":"y","pages":1}""", "title")]
    [InlineData("""{"title":"x","pages":1""", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    public async Task Json_that_is_wrong_names_each_field(string json, params string[] fields)
    {
        var app = new App();
        app.Post("/books", (NewBook book) => book.Title);
        await using var client = new TestClient(app);
        var errors = await (await client.PostJsonAsync("/books", json)).ErrorsAsync();
        Assert.Equal(fields.Order(), errors.Keys.Order());
    }

    [Fact]
    public async Task A_form_that_is_wrong_names_each_field()
    {
        var app = new App();
        app.Post("/books", (NewBook book) => book.Title).WithoutCsrf();
        await using var client = new TestClient(app);
        Assert.Equal(["pages", "title"], (await (await client.PostFormAsync("/books", ("pages", "many"))).ErrorsAsync()).Keys.Order());
        Assert.Equal(["title"], (await (await client.PostFormAsync("/books", ("title", new string('x', 101)), ("pages", "1"))).ErrorsAsync()).Keys.Order());
        await (await client.PostAsync("/books", new StringContent("<book/>", Encoding.UTF8, "application/xml"))).TextAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task What_a_type_does_not_offer_cannot_be_set()
    {
        var app = new App();
        app.Post("/users", (User user) => $"{user.Name} {user.IsAdmin} {user.Balance}").WithoutCsrf();
        await using var client = new TestClient(app);
        Assert.Equal("eve False 0", await (await client.PostFormAsync("/users", ("name", "eve"), ("isAdmin", "true"), ("balance", "1000"), ("IsAdmin", "on"))).TextAsync());
        Assert.Equal("eve False 0", await (await client.PostJsonAsync("/users", """{"name":"eve","isAdmin":true,"balance":1000}""")).TextAsync());
    }

    [Fact]
    public async Task Files_are_streamed_and_their_names_are_not_trusted()
    {
        var app = new App();
        app.Limits.Form = new FormLimits { FileMemoryBytes = 1024, Files = 2, BodyBytes = 1024 * 1024 };
        app.Post("/upload", ([FromForm] string title, FormFile file) => $"{title}: {file.SafeFileName()} {file.Length} {file.IsSpooled}").WithoutCsrf();
        app.Post("/count", (Form form) => $"{form.Files.Count} {form.Fields.Count}").WithoutCsrf();
        await using var client = new TestClient(app);
        foreach (var (name, safe) in new[] { ("../../etc/passwd", "passwd"), (@"C:\autoexec.bat", "autoexec.bat"), ("...", "unnamed"), ("a|b<c>.txt", "abc.txt") })
        {
            using var content = new MultipartFormDataContent { { new StringContent("t"), "title" }, { new ByteArrayContent(new byte[100_000]), "file", name } };
            Assert.Equal($"t: {safe} 100000 True", await (await client.PostAsync("/upload", content)).TextAsync());
        }
        using var many = new MultipartFormDataContent { { new ByteArrayContent([1]), "a", "a" }, { new ByteArrayContent([1]), "b", "b" }, { new ByteArrayContent([1]), "c", "c" } };
        Assert.Contains("Files", await (await client.PostAsync("/count", many)).TextAsync(HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
        using var large = new MultipartFormDataContent { { new ByteArrayContent(new byte[2 * 1024 * 1024]), "a", "a" } };
        Assert.Contains("BodyBytes", await (await client.PostAsync("/count", large)).TextAsync(HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
        using var missing = new MultipartFormDataContent { { new StringContent("t"), "title" } };
        Assert.Equal(["file"], (await (await client.PostAsync("/upload", missing)).ErrorsAsync()).Keys);
    }

    [Fact]
    public async Task Services_live_as_long_as_their_request()
    {
        var app = new App();
        app.Services.AddScoped<Counter>();
        app.Get("/", (Counter first, [FromServices] Counter second, IServiceProvider services) =>
            $"{ReferenceEquals(first, second)} {ReferenceEquals(first, services.GetService(typeof(Counter)))} {first.Number}");
        await using var client = new TestClient(app);
        var before = Counter.Made;
        var text = await (await client.GetAsync("/")).TextAsync();
        Assert.StartsWith("True True", text, StringComparison.Ordinal);
        Assert.NotEqual(text, await (await client.GetAsync("/")).TextAsync());
        Assert.Equal(2, Counter.Made - before);
        Assert.Equal(Counter.Made, Counter.Disposed);
    }

    [Fact]
    public async Task A_parameter_without_a_source_is_found_at_start()
    {
        var app = new App();
        app.Get("/", (IFormattable nobody) => "never");
        var refused = Assert.Throws<RouteException>(() => new TestClient(app));
        Assert.Matches(@"BindingTests\.cs:\d+.*'nobody' of type IFormattable is no registered service", refused.Message);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Results_are_written_by_their_type()
    {
        var app = new App();
        app.Get("/json", () => new { Message = "Hello, World!" });
        app.Get("/task", async () =>
        {
            await Task.Yield();
            return new[] { 1, 2 };
        });
        app.Get("/none", () => (string?)null);
        app.Get("/void", () => { });
        app.Get("/stream", () => (Stream)new MemoryStream(new byte[100_000]));
        app.Get("/bytes", () => new byte[] { 1, 2, 3 });
        app.Get("/either", (bool ok) => ok ? (object)"fine" : Results.NotFound("not here"));
        app.Get("/created", () => Results.Created("/x/ü", new { Id = 1 }));
        await using var client = new TestClient(app);
        var json = await client.GetAsync("/json");
        Assert.Equal("""{"message":"Hello, World!"}""", await json.TextAsync());
        Assert.Equal("application/json; charset=utf-8", json.Content.Headers.ContentType?.ToString());
        Assert.Equal(["nosniff"], json.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal("[1,2]", await (await client.GetAsync("/task")).TextAsync());
        await (await client.GetAsync("/none")).TextAsync(HttpStatusCode.NotFound);
        Assert.Equal("", await (await client.GetAsync("/void")).TextAsync());
        Assert.Equal(100_000, (await client.GetAsync("/stream")).Content.Headers.ContentLength);
        Assert.Equal("application/octet-stream", (await client.GetAsync("/bytes")).Content.Headers.ContentType?.MediaType);
        Assert.Equal("fine", await (await client.GetAsync("/either?ok=true")).TextAsync());
        Assert.Contains("not here", await (await client.GetAsync("/either?ok=false")).TextAsync(HttpStatusCode.NotFound), StringComparison.Ordinal);
        var created = await client.GetAsync("/created");
        await created.TextAsync(HttpStatusCode.Created);
        Assert.Equal("/x/%C3%BC", created.Headers.Location?.OriginalString);
    }

    public sealed record Author(string Name);

    public sealed record NewBook([Required, StringLength(100)] string Title, [Range(1, 10_000)] int Pages, string[]? Tags = null, Author? Author = null);

    public sealed record Search(string? Q, int Page = 1);

    public sealed class User
    {
        public string Name { get; set; } = "";

        [BindNever]
        public bool IsAdmin { get; set; }

        public int Balance { get; private set; }
    }

    public sealed class Counter : IDisposable
    {
        private static int _made;
        private static int _disposed;

        public static int Made => Volatile.Read(ref _made);

        public static int Disposed => Volatile.Read(ref _disposed);

        public int Number { get; } = Interlocked.Increment(ref _made);

        public void Dispose() => Interlocked.Increment(ref _disposed);
    }
}
