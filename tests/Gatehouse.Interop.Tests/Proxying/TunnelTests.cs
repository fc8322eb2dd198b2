using System.Net.WebSockets;
using System.Text;

namespace Gatehouse.Interop.Tests.Proxying;

/// <summary>Switches of protocols: WebSocket by .NET's client and server, and any other Upgrade as raw bytes.</summary>
public sealed class TunnelTests
{
    private static readonly CancellationToken Limit = new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token;

    [Fact]
    public async Task A_websocket_carries_text_pings_and_a_megabyte()
    {
        using var upstream = WebSocketEcho.Start();
        using var served = Served.Start(Served.Proxy(upstream.Address));
        using var client = new ClientWebSocket();
        client.Options.KeepAliveInterval = TimeSpan.FromMilliseconds(50);
        client.Options.KeepAliveTimeout = TimeSpan.FromSeconds(20);
        client.Options.AddSubProtocol("chat");
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{served.Port}/socket?a=b"), Limit);
        Assert.Equal("chat", client.SubProtocol);
        foreach (var size in new[] { 0, 1, 125, 126, 65_536, 1 << 20, 3 << 20 })
        {
            var message = Noise.Bytes(size);
            await client.SendAsync(message, WebSocketMessageType.Binary, true, Limit);
            var echoed = await WebSocketEcho.ReceiveAsync(client, Limit);
            Noise.AssertSame(message, echoed);
        }
        // Several pings of the client have been answered meanwhile, or it would have given up.
        await Task.Delay(300, Limit);
        await client.SendAsync(Encoding.UTF8.GetBytes("still here"), WebSocketMessageType.Text, true, Limit);
        Assert.Equal("still here", Encoding.UTF8.GetString(await WebSocketEcho.ReceiveAsync(client, Limit)));
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", Limit);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
        Served.Eventually(() => upstream.Open == 0, "the upstream's side is closed");
    }

    [Fact]
    public async Task Twenty_websockets_at_once_do_not_mix()
    {
        using var upstream = WebSocketEcho.Start();
        using var served = Served.Start(Served.Proxy(upstream.Address));
        await Parallel.ForAsync(0, 20, Limit, async (i, _) =>
        {
            using var client = new ClientWebSocket();
            await client.ConnectAsync(new Uri($"ws://127.0.0.1:{served.Port}/"), Limit);
            for (var round = 0; round < 10; round++)
            {
                var message = Noise.Bytes(5_000 + i, (i * 100) + round);
                await client.SendAsync(message, WebSocketMessageType.Binary, true, Limit);
                var echoed = await WebSocketEcho.ReceiveAsync(client, Limit);
                Noise.AssertSame(message, echoed);
            }
        });
    }

    [Fact]
    public void Any_other_upgrade_is_raw_bytes_both_ways_with_half_close()
    {
        using var upstream = new ScriptedUpstream(connection =>
        {
            var request = connection.ReadHead();
            connection.Send($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: speech/2\r\nX-Seen: {request["Connection"]} {request["Upgrade"]}\r\n\r\nhello");
            connection.ReadToEnd();
            connection.Send($"got {connection.Received.Length - request.Head.Length}");
        });
        using var served = Served.Start(Served.Proxy(upstream.Address));
        using var client = served.Connect();
        // Bytes behind the head belong to the new protocol.
        client.Send(Served.Head("GET", "/", "Connection: keep-alive, Upgrade", "Upgrade: speech/2") + "early");
        var answer = client.ReadResponse();
        Assert.Equal((101, "Upgrade", "speech/2", "Upgrade speech/2"), (answer.Status, answer["Connection"], answer["Upgrade"], answer["X-Seen"]));
        Assert.Equal("hello", Encoding.ASCII.GetString(client.Read(5)));
        client.Send(Noise.Bytes(300_000));
        client.HalfClose();
        Assert.Equal("got 300005", Encoding.ASCII.GetString(client.ReadToEnd()));
    }

    [Fact]
    public void An_upgrade_that_is_not_taken_is_an_ordinary_answer()
    {
        using var upstream = ScriptedUpstream.Answering(request => Answer.Ok($"plain {request["Upgrade"]}"));
        using var served = Served.Start(Served.Proxy(upstream.Address));
        using var client = served.Connect();
        for (var i = 0; i < 2; i++)
        {
            client.Send(Served.Head("GET", "/", "Connection: Upgrade", "Upgrade: websocket"));
            Assert.Equal("plain websocket", client.ReadResponse().Text);
        }
    }

    [Fact]
    public void A_switch_that_nobody_asked_for_is_502()
    {
        using var upstream = ScriptedUpstream.Answering(_ => "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: evil\r\n\r\n"u8.ToArray());
        using var served = Served.Start(Served.Proxy(upstream.Address));
        Assert.Equal(502, served.Get("/").Status);
    }

    [Fact]
    public void A_silent_tunnel_ends_after_its_time()
    {
        using var upstream = new ScriptedUpstream(connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
            connection.ReadToEnd();
        });
        using var served = Served.Start(Served.Proxy(upstream.Address, "tunnel-idle: 1s"));
        using var client = served.Connect();
        client.Send(Served.Head("GET", "/", "Connection: Upgrade", "Upgrade: x"));
        Assert.Equal(101, client.ReadResponse().Status);
        for (var i = 0; i < 4; i++)
        {
            Thread.Sleep(400);
            client.Send("."); // any byte starts the time anew
        }
        Assert.Equal(1, upstream.Open);
        client.ReadToEnd(allowReset: true);
        Served.Eventually(() => upstream.Open == 0, "the upstream's side is closed");
    }

    [Fact]
    public void An_upstream_that_breaks_the_tunnel_breaks_it_for_the_client()
    {
        using var upstream = new ScriptedUpstream(connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
            connection.Read(1);
            connection.Reset();
        });
        using var served = Served.Start(Served.Proxy(upstream.Address));
        using var client = served.Connect();
        client.Send(Served.Head("GET", "/", "Connection: Upgrade", "Upgrade: x"));
        Assert.Equal(101, client.ReadResponse().Status);
        client.Send("x");
        Assert.Empty(client.ReadToEnd(allowReset: true));
    }
}
