using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Testing;

namespace Gatehouse.Web.Tests.Security;

public sealed partial class CsrfTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_form_of_a_session_needs_the_token_of_a_page_of_that_session()
    {
        await using var client = new TestClient(Make());
        // Without a session there is nothing to abuse.
        Assert.Equal("sent", await (await client.PostFormAsync("/send", ("text", "a"))).TextAsync());
        var token = TokenOf(await (await client.GetAsync("/form")).TextAsync());
        await (await client.PostFormAsync("/send", ("text", "a"))).TextAsync(HttpStatusCode.Forbidden);
        await (await client.PostFormAsync("/send", ("text", "a"), ("_csrf", ""))).TextAsync(HttpStatusCode.Forbidden);
        await (await client.PostFormAsync("/send", ("text", "a"), ("_csrf", new string('A', token.Length)))).TextAsync(HttpStatusCode.Forbidden);
        Assert.Equal("sent", await (await client.PostFormAsync("/send", ("text", "a"), ("_csrf", token))).TextAsync());
        var second = TokenOf(await (await client.GetAsync("/form")).TextAsync());
        Assert.NotEqual(token, second);
        Assert.Equal("sent", await (await client.PostFormAsync("/send", ("text", "a"), ("_csrf", second))).TextAsync());
        Assert.Equal("hook", await (await client.PostFormAsync("/hook", ("text", "a"))).TextAsync());
        using var multipart = new MultipartFormDataContent { { new StringContent(token), "_csrf" }, { new StringContent("x"), "text" } };
        Assert.Equal("sent", await (await client.PostAsync("/send", multipart)).TextAsync());
        using var json = new HttpRequestMessage(HttpMethod.Delete, "/things");
        json.Headers.Add("X-CSRF-Token", second);
        Assert.Equal("deleted", await (await client.SendAsync(json, TestContext.Current.CancellationToken)).TextAsync());
        await (await client.SendAsync("DELETE", "/things")).TextAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_token_of_another_session_is_worth_nothing()
    {
        await using var victim = new TestClient(Make());
        await using var attacker = new TestClient(Make());
        TokenOf(await (await victim.GetAsync("/form")).TextAsync());
        var stolen = TokenOf(await (await attacker.GetAsync("/form")).TextAsync());
        await (await victim.PostFormAsync("/send", ("text", "a"), ("_csrf", stolen))).TextAsync(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost", HttpStatusCode.OK)]
    [InlineData("Origin", "https://app.example.com", HttpStatusCode.OK)]
    public async Task A_browser_says_where_a_request_comes_from(string name, string value, HttpStatusCode expected)
    {
        var app = Make();
        app.TrustedOrigins.Add("https://app.example.com");
        await using var client = new TestClient(app);
        Assert.Equal(expected, (await client.SendAsync("POST", "/plain", (name, value))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync("GET", "/form", (name, value))).StatusCode);
    }

    [Theory]
    [InlineData("/next", "/next")]
    [InlineData("/next?x=1#y", "/next?x=1#y")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("evil.example", "/")]
    [InlineData("", "/")]
    [InlineData("/a\r\nSet-Cookie: x=y", "/")]
    public async Task A_redirect_stays_on_this_site(string wanted, string expected)
    {
        var app = new App();
        app.Get("/go", (string to) => Results.Redirect(to));
        await using var client = new TestClient(app);
        var answer = await client.GetAsync("/go?to=" + Uri.EscapeDataString(wanted));
        await answer.TextAsync(HttpStatusCode.SeeOther);
        Assert.Equal(expected, answer.Headers.Location?.OriginalString);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public void Passwords_are_hashed_with_a_salt_and_verified()
    {
        var hash = Passwords.Hash("correct horse");
        Assert.NotEqual(hash, Passwords.Hash("correct horse"));
        Assert.True(Passwords.Verify("correct horse", hash));
        Assert.False(Passwords.Verify("correct horsf", hash));
        Assert.False(Passwords.Verify("correct horse", null));
        var longOne = Passwords.Hash(new string('x', 100));
        Assert.False(Passwords.Verify(new string('x', 99), longOne));
        Assert.False(Passwords.Verify(new string('x', 5000), longOne));
    }

    private static string TokenOf(string page) => Token().Match(page).Groups[1].Value is { Length: > 0 } token ? token : throw new InvalidDataException(page);

    private App Make()
    {
        var app = new App();
        app.Sessions.KeyFolder = _folder.Path;
        app.Get("/form", async (Context context) => Web.Html.Page($"<form method=\"post\">{await context.CsrfFieldAsync()}</form>"));
        app.Post("/send", ([FromForm] string text) => "sent");
        app.Post("/plain", () => "sent");
        app.Post("/hook", ([FromForm] string text) => "hook").WithoutCsrf();
        app.Delete("/things", () => "deleted");
        return app;
    }

    [GeneratedRegex("name=\"_csrf\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
