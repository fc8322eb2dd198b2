using System.Net;
using System.Net.WebSockets;
using System.Text.Json;

namespace Gatehouse.Interop.Tests.Http2;

/// <summary>Clients of HTTP/2 and upstreams of HTTP/1.1, upstreams of HTTP/2, gRPC with its trailers, and WebSockets on streams.</summary>
public sealed class ProxyTests
{
    [Fact]
    public void Requests_go_on_to_an_upstream_of_http_1()
    {
        using var upstream = ScriptedUpstream.Answering(request => Answer.Ok($"{request.Target} {request["X-Forwarded-For"]} {request["Via"]} {request["Cookie"]} {request["Host"]}"));
        using var served = Served.Start(Served.Proxy(upstream.Address));
        var answer = PeerProcess.Run(
            "curl", ["-sS", "--http2-prior-knowledge", "-H", "Cookie: a=1; b=2", "-H", "Host: shop.example", $"{served.Root}a/b?c"], Served.Patience).Expect();
        Assert.Equal("/a/b?c 127.0.0.1 2 gatehouse a=1; b=2 shop.example", answer.Output);
    }

    [Fact]
    public void Many_requests_at_once_are_forwarded()
    {
        using var upstream = ScriptedUpstream.Answering(_ => Answer.Ok("x"));
        using var served = Served.Start(Served.Proxy(upstream.Address));
        var result = PeerProcess.Run("h2load", ["-n", "3000", "-c", "4", "-m", "16", $"{served.Root}"], TimeSpan.FromMinutes(2)).Expect();
        Assert.Contains("3000 succeeded, 0 failed, 0 errored", result.Output, StringComparison.Ordinal);
        Assert.Contains("3000 2xx", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_websocket_on_a_stream_reaches_an_upstream_of_http_1()
    {
        using var upstream = WebSocketEcho.Start();
        using var served = Served.Start(Served.Proxy(upstream.Address));
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.AddSubProtocol("chat");
        using var limit = new CancellationTokenSource(Served.Patience);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{served.Port}/chat"), invoker, limit.Token);
        Assert.Equal("chat", socket.SubProtocol);
        foreach (var size in (int[])[1, 1000, 200_000])
        {
            var message = Noise.Bytes(size);
            await socket.SendAsync(message, WebSocketMessageType.Binary, true, limit.Token);
            var echoed = await WebSocketEcho.ReceiveAsync(socket, limit.Token);
            Noise.AssertSame(message, echoed);
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
    }

    [Fact]
    public async Task Requests_go_on_to_an_upstream_of_http_2()
    {
        using var upstream = new Http2Upstream();
        using var served = Served.Start(Served.Proxy(upstream.Address, "protocol: h2c, strip: /app"));
        using var client = new HttpClient();
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{served.Root}app/a%20b?c=d") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            using var seen = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            string? Field(string name) => seen.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
            Assert.Equal(("GET", "/a%20b?c=d", "http"), (Field(":method"), Field(":path"), Field(":scheme")));
            Assert.Equal(("127.0.0.1", "/app", $"127.0.0.1:{served.Port}"), (Field("x-forwarded-for"), Field("x-forwarded-prefix"), Field(":authority")));
            Assert.Null(Field("connection"));
        }
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{served.Root}app/"), TestContext.Current.CancellationToken);
        Assert.True(head.Content.Headers.ContentLength > 0);
    }

    [Fact]
    public void A_call_of_grpc_streams_both_ways_and_ends_with_trailers()
    {
        using var upstream = new Http2Upstream();
        using var served = Served.Start(Served.Proxy(upstream.Address, "protocol: h2c"));
        var output = PeerProcess.Run(Http2Upstream.Python, [Http2Upstream.Script("h2_client.py"), $"{served.Port}", "/service/Call"], Served.Patience).Expect().Output;
        using var result = JsonDocument.Parse(output);
        var root = result.RootElement;
        Assert.False(root.TryGetProperty("error", out _), output);
        Assert.Equal("message 0;message 1;message 2;message 3;message 4;", root.GetProperty("body").GetString());
        Assert.Equal("trailers", root.GetProperty("head").GetProperty("x-te").GetString());
        Assert.Equal("0", root.GetProperty("trailers").GetProperty("grpc-status").GetString());
        Assert.Equal("42", root.GetProperty("trailers").GetProperty("x-seen").GetString());
    }

    [Fact]
    public async Task A_large_body_passes_an_upstream_of_http_2()
    {
        using var upstream = new Http2Upstream();
        using var served = Served.Start(Served.Proxy(upstream.Address, "protocol: h2c"));
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var body = Noise.Bytes(2_000_000);
        using var response = await client.PostAsync($"{served.Root}echo", new ByteArrayContent(body), TestContext.Current.CancellationToken);
        var echoed = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Noise.AssertSame(body, echoed);
        Assert.Equal("0", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
    }

    [Fact]
    public void Load_on_an_upstream_of_http_2_fails_no_request()
    {
        using var upstream = new Http2Upstream();
        using var served = Served.Start(Served.Proxy(upstream.Address, "protocol: h2c"));
        var result = PeerProcess.Run("h2load", ["-n", "2000", "-c", "4", "-m", "16", $"{served.Root}"], TimeSpan.FromMinutes(2)).Expect();
        Assert.Contains("2000 succeeded, 0 failed, 0 errored", result.Output, StringComparison.Ordinal);
        Assert.Contains("2000 2xx", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_upstream_of_http_2_that_is_not_there_is_a_502()
    {
        using var served = Served.Start(Served.Proxy($"127.0.0.1:{FreePort.Tcp()}", "protocol: h2c"));
        Assert.Equal(502, served.Get("/").Status);
        Assert.Equal(502, served.Send("POST", "/", "body"u8).Status);
    }
}
