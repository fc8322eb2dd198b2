using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>examples/frameworks: applications of Debian's frameworks, as they stand.</summary>
public sealed partial class FrameworkExampleTests
{
    [Theory]
    [InlineData("flask")]
    [InlineData("bottle")]
    [InlineData("pyramid")]
    [InlineData("falcon")]
    public void Under_WSGI(string framework)
    {
        Example.RequirePackage(framework);
        using var example = new Example($"frameworks/{framework}");
        AssertGreets(example);
    }

    [Fact]
    public async Task Under_ASGI()
    {
        Example.RequirePackage("fastapi");
        using var example = new Example("frameworks/fastapi");
        Assert.Equal("Hello, you!", JsonDocument.Parse(example.Get("/?name=you").Text).RootElement.GetProperty("greeting").GetString());
        Assert.Equal("""{"name":"a","count":2}""", example.Post("/echo", """{"name": "a", "count": 2}""", "application/json").Text);
        Assert.Equal(422, example.Post("/echo", """{"count": "many"}""", "application/json").Status);
        Assert.Contains("swagger", example.Get("/docs").Text, StringComparison.OrdinalIgnoreCase);
        await AssertEchoesAsync(example);
    }

    [Theory]
    [InlineData("aiohttp")]
    [InlineData("tornado")]
    public async Task Under_run(string framework)
    {
        Example.RequirePackage(framework);
        using var example = new Example($"frameworks/{framework}");
        Assert.Equal("Hello, you!", example.Get("/?name=you").Text);
        Assert.Equal("a b", JsonDocument.Parse(example.Post("/echo", "name=a+b").Text).RootElement.GetProperty("name").GetString());
        await AssertEchoesAsync(example);
    }

    [Fact]
    public void Django_with_its_admin_and_static_files()
    {
        Example.RequirePackage("django");
        using var data = new TempFolder();
        Manage(data, "migrate");
        Manage(data, "createsuperuser", "--noinput", "--username", "ann", "--email", "ann@shop.example");
        Manage(data, "collectstatic", "--noinput");
        using var example = new Example("frameworks/django", environment: [("DJANGO_DATA", data.Path)]);
        AssertGreets(example);

        var style = example.Get("/static/admin/css/base.css");
        Assert.Equal((200, "text/css"), (style.Status, style["Content-Type"]?.Split(';')[0]));
        Assert.NotNull(style["ETag"]);

        Assert.Equal("/admin/login/?next=/admin/", example.Get("/admin/")["Location"]);
        var login = example.Get("/admin/login/?next=/admin/");
        var token = TokenPattern().Match(login.Text).Groups[1].Value;
        var form = $"csrfmiddlewaretoken={token}&username=ann&password=Machine-1975&next=/admin/";
        var entered = example.Post("/admin/login/", form, fields: [$"Cookie: {Cookie(login, "csrftoken")}"]);
        Assert.Equal((302, "/admin/"), (entered.Status, entered["Location"]));
        var admin = example.Get("/admin/", $"Cookie: {Cookie(entered, "sessionid")}");
        Assert.Equal(200, admin.Status);
        Assert.Contains("Site administration", admin.Text, StringComparison.Ordinal);
        Assert.Equal(403, example.Post("/admin/login/", form).Status);
    }

    [Theory]
    [InlineData("wsgi", "app:web_app", "")]
    [InlineData("wsgi", "app:WebApp", "")]
    [InlineData("chain", "app:application", "")]
    [InlineData("frameworks/flask", "app:application", "flask")]
    [InlineData("frameworks/bottle", "app:application", "bottle")]
    [InlineData("frameworks/pyramid", "app:application", "pyramid")]
    [InlineData("frameworks/falcon", "app:application", "falcon")]
    [InlineData("frameworks/django", "shop.wsgi:application", "django")]
    public void The_validator_finds_no_fault(string folder, string app, string package)
    {
        if (package.Length > 0)
            Example.RequirePackage(package);
        using var data = new TempFolder();
        using var served = Application.Start(
            "validated", $"workers: 1, python: {Example.Python}, env: {{EXAMPLE: '{Example.Folder(folder)}', EXAMPLE_APP: '{app}', DJANGO_DATA: '{data.Path}'}}");
        Assert.Equal(200, served.Get("/?name=you").Status);
        Assert.Equal(package.Length > 0 ? 404 : 200, served.Get("/missing").Status);
        var posted = served.Send("POST", "/echo", "name=a"u8, "Content-Type: application/x-www-form-urlencoded");
        Assert.True(posted.Status == 200, served.Process.Error);
        Assert.Equal(200, served.Request("HEAD", "/").Status is var status and not 405 ? status : 200);
        Assert.DoesNotContain("AssertionError", served.Process.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("WSGIWarning", served.Process.Error, StringComparison.Ordinal);
    }

    private static void AssertGreets(Example example)
    {
        Assert.Equal("Hello, anonymous!", example.Get("/").Text);
        Assert.Contains("&lt;b&gt;", example.Get("/?name=%3Cb%3E").Text, StringComparison.Ordinal);
        Assert.Equal("a b", JsonDocument.Parse(example.Post("/echo", "name=a+b").Text).RootElement.GetProperty("name").GetString());
        var moved = example.Get("/old");
        Assert.InRange(moved.Status, 302, 303);
        Assert.EndsWith("/", moved["Location"], StringComparison.Ordinal);
        Assert.Equal(404, example.Get("/missing").Status);
    }

    private static async Task AssertEchoesAsync(Example example)
    {
        using var socket = new ClientWebSocket();
        using var limit = new CancellationTokenSource(Served.Patience);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{example.Port}/socket"), limit.Token);
        await socket.SendAsync("echo"u8.ToArray(), WebSocketMessageType.Text, true, limit.Token);
        var buffer = new byte[10];
        Assert.Equal(4, (await socket.ReceiveAsync(buffer, limit.Token)).Count);
    }

    private static void Manage(TempFolder data, params string[] arguments) =>
        PeerProcess.Run(
            Example.Python, ["manage.py", .. arguments], Served.Patience * 2, Example.Folder("frameworks/django"),
            new Dictionary<string, string?> { ["DJANGO_DATA"] = data.Path, ["DJANGO_SUPERUSER_PASSWORD"] = "Machine-1975" }).Expect(0);

    private static string Cookie(RawResponse response, string name) =>
        response.Fields.Where(field => field.Key.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase)).Select(field => field.Value.Split(';')[0])
            .Single(value => value.StartsWith(name + "=", StringComparison.Ordinal));

    [GeneratedRegex("name=\"csrfmiddlewaretoken\" value=\"(\\w+)\"")]
    private static partial Regex TokenPattern();
}
