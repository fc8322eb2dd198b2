using Gatehouse.Http.Server.Tests.Support;
using Gatehouse.Protocols;

namespace Gatehouse.Http.Server.Tests.Http2;

/// <summary>How connections of HTTP/2 end: in order with two GOAWAY, by a time limit, with the client; and tunnels on streams.</summary>
public sealed class LifeTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(800);

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_drain_takes_what_is_on_its_way_and_loses_nothing(string wire)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new TestServer(wire, async exchange =>
        {
            if (exchange.Path() == "/wait")
                await release.Task;
            await exchange.SendText(exchange.Path());
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, "/wait");
        client.Sync();
        var drained = server.Http.DrainAsync(Long, cancellation: TestContext.Current.CancellationToken);
        client.Until(Http2Client.GoAway);
        Assert.Equal([0x7FFF_FFFFu], client.GoAwayStreams);
        // Sent before the client heard of it.
        client.SendRequest(3, "/late");
        Assert.Equal("/late", client.Answer(3).Text);
        client.Until(Http2Client.GoAway);
        Assert.Equal([0x7FFF_FFFFu, 3u], client.GoAwayStreams);
        release.SetResult();
        Assert.Equal("/wait", client.Answer(1).Text);
        Assert.True(client.Wire.IsAtEnd());
        client.Wire.Dispose();
        Assert.True(Eventually.Result(drained));
        Assert.Equal(0u, client.GoAwayCode);
    }

    [Fact]
    public void An_idle_connection_is_told_and_ends()
    {
        using var server = new TestServer("tcp", exchange => exchange.SendText("x"), new ServerLimits { KeepAlive = Short });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1);
        client.Answer(1);
        Assert.Equal(0u, client.ReadToGoAway());
        Assert.Equal([1u], client.GoAwayStreams);
    }

    [Fact]
    public void A_connection_ends_after_its_share_of_requests()
    {
        using var server = new TestServer("tcp", exchange => exchange.SendText("x"), new ServerLimits { RequestsPerConnection = 2 });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1);
        client.SendRequest(3);
        Assert.Equal("x", client.Answer(3).Text);
        Assert.Equal(0u, client.ReadToGoAway());
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\n", "preface")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "preface")]
    public void A_preface_must_arrive_in_time(string part, string reason)
    {
        using var server = new TestServer("tcp", exchange => exchange.SendText("x"), new ServerLimits { HeadTime = Short });
        var client = new Http2Client(server.Connect(), greets: false);
        client.Wire.Send(part);
        Assert.Equal(4u, client.ReadToGoAway());
        server.Events.OnlyRefused(0, reason);
    }

    [Fact]
    public void Settings_must_be_acknowledged_in_time()
    {
        using var server = new TestServer("tcp", exchange => exchange.SendText("x"), new ServerLimits { HeadTime = Short });
        var client = new Http2Client(server.Connect(), greets: false);
        client.Wire.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        client.Send(Http2Client.Settings, 0, 0, []);
        Assert.Equal(4u, client.ReadToGoAway());
        server.Events.OnlyRefused(0, "acknowledged");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_field_block_must_arrive_in_time(bool isFrameWhole)
    {
        using var server = new TestServer("tcp", exchange => exchange.SendText("x"), new ServerLimits { HeadTime = Short });
        var client = new Http2Client(server.Connect());
        client.Sync();
        var request = Http2Client.Request(1);
        if (isFrameWhole)
            request[4] = 1;
        client.Wire.Send(isFrameWhole ? request : request[..20]);
        Assert.Equal(1u, client.ReadToGoAway());
        server.Events.OnlyRefused(0, "did not arrive whole");
    }

    [Fact]
    public void A_body_must_go_on_in_time()
    {
        using var server = new TestServer("tcp", async exchange => await exchange.ReadBody(), new ServerLimits { BodyTime = Short });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, method: "POST", ends: false);
        Assert.Equal(408, client.Answer(1).Status);
        client.SendRequest(3, method: "POST");
        Assert.Equal(200, client.Answer(3).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_that_goes_ends_its_handlers(bool isReset)
    {
        using var ended = new CountdownEvent(10);
        using var server = new TestServer("tcp", async exchange =>
        {
            try
            {
                if (exchange.Request.HasBody)
                    await exchange.ReadBody();
                else
                    await Task.Delay(Timeout.Infinite, exchange.Aborted);
            }
            finally
            {
                ended.Signal();
            }
        });
        var client = new Http2Client(server.Connect());
        for (var i = 0; i < 10; i++)
            client.SendRequest((2 * i) + 1, method: "POST", ends: i % 2 == 0);
        client.Sync();
        if (isReset)
            client.Wire.Reset();
        else
            client.Wire.Dispose();
        Assert.True(ended.Wait(Long, TestContext.Current.CancellationToken));
        server.WaitForConnections(0);
        Assert.All(server.Events.Refused, refused => Assert.Equal(499, refused.Status));
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_websocket_is_an_upgrade_to_its_handler(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            Assert.True(exchange.Request.AsksUpgrade);
            Assert.Equal(Method.Get, exchange.Request.Method);
            Assert.Equal(24, exchange.Request.Headers.TryGet("sec-websocket-key"u8, out var key) ? key.Length : 0);
            exchange.Response.Status = 101;
            exchange.Response.Headers.Add("Upgrade"u8, "websocket"u8);
            exchange.Response.Headers.Add("Sec-WebSocket-Accept"u8, "x"u8);
            exchange.Response.Headers.Add("Sec-WebSocket-Protocol"u8, "chat"u8);
            var duplex = await exchange.UpgradeAsync();
            var buffer = new byte[100];
            for (int count; (count = await duplex.ReadAsync(buffer)) > 0;)
                await duplex.WriteAsync(buffer.AsMemory(0, count));
            await duplex.WriteAsync("bye"u8.ToArray());
            await duplex.ShutdownWriteAsync();
        });
        var client = new Http2Client(server.Connect());
        client.Send(Http2Client.Headers, Http2Client.EndHeaders, 1, Http2Client.Block(":method=CONNECT|:protocol=websocket|:scheme=http|:path=/chat|:authority=a|sec-websocket-version=13"));
        client.Send(Http2Client.Data, 0, 1, "early"u8.ToArray());
        client.Until(Http2Client.Data);
        Assert.Equal(200, client.Of(1).Status);
        Assert.Equal("chat", client.Of(1).Fields["sec-websocket-protocol"]);
        Assert.False(client.Of(1).Fields.ContainsKey("sec-websocket-accept"));
        client.Send(Http2Client.Data, 0, 1, new byte[1000]);
        client.Send(Http2Client.Data, Http2Client.EndStream, 1, "last"u8.ToArray());
        Assert.EndsWith("lastbye", client.Answer(1).Text, StringComparison.Ordinal);
        Assert.Equal(1012, client.Of(1).Body.Length);
        Assert.Null(client.Of(1).Reset);
    }

    [Fact]
    public void A_websocket_that_is_refused_gets_its_answer()
    {
        using var server = new TestServer("tcp", exchange =>
        {
            exchange.Response.Status = 403;
            return default;
        });
        var client = new Http2Client(server.Connect());
        client.Send(Http2Client.Headers, Http2Client.EndHeaders, 1, Http2Client.Block(":method=CONNECT|:protocol=websocket|:scheme=http|:path=/chat|:authority=a"));
        Assert.Equal(403, client.Answer(1).Status);
    }

    [Fact]
    public void Connect_makes_a_tunnel()
    {
        using var server = new TestServer("tcp", async exchange =>
        {
            Assert.Equal((Method.Connect, 0), (exchange.Request.Method, exchange.Request.RawPath.Length));
            var duplex = await exchange.UpgradeAsync();
            var buffer = new byte[100];
            var count = await duplex.ReadAsync(buffer);
            await duplex.WriteAsync(buffer.AsMemory(0, count));
        });
        var client = new Http2Client(server.Connect());
        client.Send(Http2Client.Headers, Http2Client.EndHeaders, 1, Http2Client.Block(":method=CONNECT|:authority=a:80"));
        client.Send(Http2Client.Data, 0, 1, "ping"u8.ToArray());
        Assert.Equal("ping", client.Answer(1).Text);
    }
}
