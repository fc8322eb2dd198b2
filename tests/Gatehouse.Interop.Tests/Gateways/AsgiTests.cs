using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>ASGI 3 against the built program: HTTP, WebSocket and lifespan.</summary>
public sealed class AsgiTests : IClassFixture<AsgiTests.Server>
{
    private readonly Served _served;

    public AsgiTests(Server server) => _served = server.Served;

    [Fact]
    public void The_scope_is_that_of_the_specification()
    {
        using var client = _served.Connect();
        client.Send("GET /scope?a=%20b HTTP/1.1\r\nHost: h\r\nX-Mixed: V\u00e4\r\n\r\n");
        var scope = JsonDocument.Parse(client.ReadResponse().Text).RootElement;
        Assert.Equal("http", scope.GetProperty("type").GetString());
        Assert.Equal("1.1", scope.GetProperty("http_version").GetString());
        Assert.Equal("GET", scope.GetProperty("method").GetString());
        Assert.Equal("http", scope.GetProperty("scheme").GetString());
        Assert.Equal("/scope", scope.GetProperty("raw_path").GetString());
        Assert.Equal("a=%20b", scope.GetProperty("query_string").GetString());
        Assert.Equal("", scope.GetProperty("root_path").GetString());
        Assert.Equal("""[["host", "h"], ["x-mixed", "V\u00e4"]]""", scope.GetProperty("headers").GetRawText());
        Assert.Equal(((System.Net.IPEndPoint)client.Socket.LocalEndPoint!).Port, scope.GetProperty("client")[1].GetInt32());
        Assert.Equal(_served.Port, scope.GetProperty("server")[1].GetInt32());
        Assert.Equal("yes", scope.GetProperty("state").GetProperty("started").GetString());
        Assert.Equal("3.0", scope.GetProperty("asgi").GetProperty("version").GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(40_000)]
    [InlineData(1_000_000)]
    public void A_body_comes_back_as_it_was(int length)
    {
        var body = new byte[length];
        new Random(length).NextBytes(body);
        Assert.Equal(body, _served.Send("POST", "/echo", body).Body);
    }

    [Fact]
    public void A_streamed_body_comes_back_too()
    {
        using var served = Application.Start("asgi_cases:app", "workers: 1, buffer: off", "asgi");
        var body = new byte[300_000];
        new Random(1).NextBytes(body);
        Assert.Equal(body, served.Send("POST", "/echo", body).Body);
    }

    [Fact]
    public void Under_uvloop_which_watches_without_blocking_a_large_answer_arrives_whole()
    {
        Example.RequirePackage("uvloop");
        using var served = Application.Start("asgi_cases:app", $"workers: 1, python: {Example.Python}", "asgi");
        Assert.Equal("uvloop", served.Get("/loop").Text);
        var body = new byte[8_000_000];
        new Random(2).NextBytes(body);
        Assert.Equal(body, served.Send("POST", "/echo", body).Body);
    }

    [Fact]
    public void A_streamed_answer_arrives_whole() =>
        Assert.Equal(string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i}\n")), _served.Get("/stream").Text);

    [Fact]
    public void Many_requests_are_under_way_in_one_worker()
    {
        var clients = Enumerable.Range(0, 20).Select(_ => _served.Connect()).ToArray();
        var started = Environment.TickCount64;
        foreach (var client in clients)
            client.Send(Served.Head("GET", "/sleep?1"));
        foreach (var client in clients)
        {
            Assert.Equal("slept", client.ReadResponse().Text);
            client.Dispose();
        }
        Assert.True(Environment.TickCount64 - started < 10_000, "twenty sleeps of one second ran one after the other");
    }

    [Theory]
    [InlineData("/raise")]
    [InlineData("/silent")]
    [InlineData("/header")]
    public void A_fault_is_500_and_hurts_nobody_else(string path)
    {
        Assert.Equal(500, _served.Get(path).Status);
        Assert.Equal(200, _served.Get("/").Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_that_goes_is_told_to_the_application(bool resets)
    {
        using var folder = new TempFolder();
        using (var client = _served.Connect())
        {
            client.Send(Served.Head("GET", $"/disconnect?{folder["gone"]}"));
            Served.Eventually(() => File.Exists(folder["gone"]), "the application runs");
            if (resets)
                client.Reset();
        }
        Served.Eventually(() => File.ReadAllText(folder["gone"]) == "gone", "http.disconnect was received");
    }

    [Fact]
    public void A_client_that_has_only_ended_its_side_gets_its_answer()
    {
        using var client = _served.Connect();
        client.Send(Served.Head("GET", "/sleep?0.3"));
        client.HalfClose();
        Assert.Equal("slept", client.ReadResponse().Text);
    }

    [Fact]
    public void A_request_beyond_its_time_is_cancelled_and_a_held_loop_ends_the_worker()
    {
        using var served = Application.Start("asgi_cases:app", "workers: 1, timeout: 2s", "asgi");
        var before = served.Get("/").Text;
        Assert.Equal(504, served.Get("/sleep?60").Status);
        Assert.Equal(before, served.Get("/").Text);
        Assert.Equal(504, served.Get("/block").Status);
        Served.Eventually(() => served.Get("/") is { Status: 200 } answer && answer.Text != before, "another worker");
        Assert.Equal(502, served.Get("/exit").Status);
    }

    [Fact]
    public void The_lifespan_ends_in_order()
    {
        using var served = Application.Start("asgi_cases:app", "workers: 1", "asgi");
        Assert.Equal(200, served.Get("/").Status);
        served.Process.Stop();
        Assert.Contains("shut down in order", served.Process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_websocket_echoes_text_and_bytes_and_closes()
    {
        using var socket = await ConnectAsync("/");
        Assert.Equal("two", socket.SubProtocol);
        await socket.SendAsync(Encoding.UTF8.GetBytes("h\u00e4llo"), WebSocketMessageType.Text, true, Limit());
        Assert.Equal("h\u00e4llo", Encoding.UTF8.GetString(await ReceiveAsync(socket)));
        foreach (var size in (int[])[0, 125, 126, 65535, 65536, 1_000_000])
        {
            var data = new byte[size];
            new Random(size).NextBytes(data);
            await socket.SendAsync(data.AsMemory(0, size / 2), WebSocketMessageType.Binary, false, Limit());
            await socket.SendAsync(data.AsMemory(size / 2), WebSocketMessageType.Binary, true, Limit());
            Assert.Equal(data, await ReceiveAsync(socket));
        }
        await socket.SendAsync("close"u8.ToArray(), WebSocketMessageType.Text, true, Limit());
        await ReceiveAsync(socket);
        Assert.Equal((WebSocketCloseStatus)4001, socket.CloseStatus);
        Assert.Equal("asked", socket.CloseStatusDescription);
    }

    [Fact]
    public async Task A_client_closes_and_an_application_that_raises_ends_with_1011()
    {
        using (var socket = await ConnectAsync("/"))
        {
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Limit());
            Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        }
        Served.Eventually(() => _served.Process.Error.Contains("websocket ended with 1000", StringComparison.Ordinal), "websocket.disconnect");
        using var failing = await ConnectAsync("/");
        await failing.SendAsync("raise"u8.ToArray(), WebSocketMessageType.Text, true, Limit());
        await ReceiveAsync(failing);
        Assert.Equal(WebSocketCloseStatus.InternalServerError, failing.CloseStatus);
    }

    [Fact]
    public async Task A_refused_websocket_is_403()
    {
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync("/refuse"));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8105")]
    [InlineData("C18000000000")]
    [InlineData("808000000000")]
    [InlineData("818100000000FF")]
    public void Wrong_frames_end_the_websocket(string hex)
    {
        using var client = _served.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        client.ReadThrough("\r\n\r\n"u8);
        client.Send(Convert.FromHexString(hex));
        Assert.Equal(0x88, client.Read(1)[0]);
    }

    private static CancellationToken Limit() => new CancellationTokenSource(Served.Patience).Token;

    private static async Task<byte[]> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[2_000_000];
        var length = 0;
        while (true)
        {
            var result = await socket.ReceiveAsync(buffer.AsMemory(length), Limit());
            length += result.Count;
            if (result.EndOfMessage)
                return buffer[..length];
        }
    }

    private async Task<ClientWebSocket> ConnectAsync(string path)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("two");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_served.Port}{path}"), Limit());
        return socket;
    }

    /// <summary>One server for the tests that leave it as it was.</summary>
    public sealed class Server : IDisposable
    {
        public Served Served { get; } = Application.Start("asgi_cases:app", "workers: 1", "asgi");

        public void Dispose() => Served.Dispose();
    }
}
