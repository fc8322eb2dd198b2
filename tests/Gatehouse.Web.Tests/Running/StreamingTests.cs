using System.Net;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Web.Tests.Running;

public sealed class StreamingTests
{
    [Fact]
    public async Task Events_come_as_they_happen()
    {
        var app = new App();
        var gate = new SemaphoreSlim(0);
        app.Get("/events", () => Results.Events(CountAsync(gate)));
        await using var client = new TestClient(app);
        using var answer = await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(":", await reader.ReadLineAsync());
        Assert.Equal("", await reader.ReadLineAsync());
        gate.Release();
        Assert.Equal("id: 1", await reader.ReadLineAsync());
        Assert.Equal("event: tick", await reader.ReadLineAsync());
        Assert.Equal("data: line 1", await reader.ReadLineAsync());
        Assert.Equal("data: data: forged", await reader.ReadLineAsync());
        Assert.Equal("", await reader.ReadLineAsync());
        gate.Release();
        Assert.Equal("id: 2", await reader.ReadLineAsync());
        // A stream that never ends by itself ends when the application stops.
        var stopping = app.StopAsync();
        Assert.EndsWith("\n\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        await stopping;
    }

    [Fact]
    public async Task A_websocket_echoes_and_pages_of_other_sites_get_none()
    {
        await using var app = new App("--listen", "127.0.0.1:0");
        app.Get("/echo", async (Context context) =>
        {
            using var socket = await context.AcceptWebSocketAsync();
            var buffer = new byte[1024];
            while (await socket.ReceiveAsync(buffer.AsMemory(), context.Aborted) is { MessageType: WebSocketMessageType.Text } message)
                await socket.SendAsync(buffer.AsMemory(0, message.Count), WebSocketMessageType.Text, message.EndOfMessage, context.Aborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", context.Aborted);
        });
        await app.StartAsync();
        var address = new Uri(app.Urls[0].Replace("http", "ws", StringComparison.Ordinal) + "echo");
        using (var socket = new ClientWebSocket())
        {
            await socket.ConnectAsync(address, CancellationToken.None);
            await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, CancellationToken.None);
            var buffer = new byte[100];
            var echo = await socket.ReceiveAsync(buffer, CancellationToken.None);
            Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, echo.Count));
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
            Assert.Equal("bye", socket.CloseStatusDescription);
        }
        using (var foreign = new ClientWebSocket())
        {
            foreign.Options.SetRequestHeader("Origin", "https://evil.example");
            foreign.Options.CollectHttpResponseDetails = true;
            await Assert.ThrowsAsync<WebSocketException>(() => foreign.ConnectAsync(address, CancellationToken.None));
            Assert.Equal(HttpStatusCode.Forbidden, foreign.HttpStatusCode);
        }
        using var client = new HttpClient();
        await (await client.GetAsync(app.Urls[0] + "echo")).TextAsync(HttpStatusCode.UpgradeRequired);
    }

    [Fact]
    public async Task Files_are_served_and_nothing_beside_them()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "wwwroot"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "wwwroot", "site.css"), "p {}");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "secret.txt"), "secret");
        var app = new App("--root", folder.Path);
        app.Files("/static");
        await using var client = new TestClient(app);
        var css = await client.GetAsync("/static/site.css");
        Assert.Equal("p {}", await css.TextAsync());
        Assert.Equal("text/css", css.Content.Headers.ContentType?.MediaType);
        await (await client.SendAsync("GET", "/static/site.css", ("If-None-Match", css.Headers.ETag!.ToString()))).TextAsync(HttpStatusCode.NotModified);
        await (await client.GetAsync("/static/../secret.txt")).TextAsync(HttpStatusCode.NotFound);
        await (await client.GetAsync("/static/%2e%2e/secret.txt")).TextAsync(HttpStatusCode.NotFound);
        await (await client.GetAsync("/static/..%2fsecret.txt")).TextAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Other_sites_read_only_what_they_may()
    {
        var app = new App();
        app.AllowOrigins(withCookies: true, "https://app.example.com");
        app.Put("/thing", () => "put");
        await using var client = new TestClient(app);
        var asked = await client.SendAsync("OPTIONS", "/thing", ("Origin", "https://app.example.com"), ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "x-csrf-token"));
        Assert.Equal(HttpStatusCode.NoContent, asked.StatusCode);
        Assert.Equal("OPTIONS, PUT", Assert.Single(asked.Headers.GetValues("Access-Control-Allow-Methods")));
        Assert.Equal("x-csrf-token", Assert.Single(asked.Headers.GetValues("Access-Control-Allow-Headers")));
        Assert.Equal("true", Assert.Single(asked.Headers.GetValues("Access-Control-Allow-Credentials")));
        var put = await client.SendAsync("PUT", "/thing", ("Origin", "https://app.example.com"), ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal("put", await put.TextAsync());
        Assert.Equal("https://app.example.com", Assert.Single(put.Headers.GetValues("Access-Control-Allow-Origin")));
        var evil = await client.SendAsync("OPTIONS", "/thing", ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "PUT"));
        Assert.False(evil.Headers.Contains("Access-Control-Allow-Origin"));
        await (await client.SendAsync("PUT", "/thing", ("Origin", "https://evil.example"))).TextAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_client_that_has_it_gets_no_body()
    {
        var app = new App();
        app.Get("/page", (Context context) => context.IsFresh("\"v7\"") ? Results.Status(context.Response.Status) : Results.Text("seven"));
        await using var client = new TestClient(app);
        var full = await client.GetAsync("/page");
        Assert.Equal("seven", await full.TextAsync());
        Assert.Equal("\"v7\"", full.Headers.ETag?.ToString());
        await (await client.SendAsync("GET", "/page", ("If-None-Match", "\"v6\", W/\"v7\""))).TextAsync(HttpStatusCode.NotModified);
        await (await client.SendAsync("GET", "/page", ("If-None-Match", "\"v6\""))).TextAsync();
    }

    private static async IAsyncEnumerable<ServerEvent> CountAsync(SemaphoreSlim gate, [EnumeratorCancellation] CancellationToken ending = default)
    {
        for (var number = 1; ; number++)
        {
            await gate.WaitAsync(ending);
            yield return new ServerEvent($"line {number}\ndata: forged", "tick", $"{number}");
        }
    }
}
