using System.Text;
using Gatehouse.Http.Server.Tests.Support;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Server.Tests;

/// <summary>Raw bytes both ways behind a switch of protocols.</summary>
public sealed class TunnelTests
{
    private const string Upgrade = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";

    private static async ValueTask<Duplex> Switch(Exchange exchange)
    {
        exchange.Response.Status = exchange.Request.Method == Method.Connect ? 200 : 101;
        if (exchange.Request.Method != Method.Connect)
            exchange.Response.Headers.Add(KnownHeader.Upgrade, "echo"u8);
        return await exchange.UpgradeAsync();
    }

    private static async ValueTask Echo(Exchange exchange)
    {
        var tunnel = await Switch(exchange);
        var buffer = new byte[10_000];
        int count;
        while ((count = await tunnel.ReadAsync(buffer)) > 0)
            await tunnel.WriteAsync(buffer.AsMemory(0, count));
        await tunnel.WriteAsync("bye from "u8.ToArray());
        await tunnel.WriteAsync(Encoding.ASCII.GetBytes(exchange.Path()));
    }

    private static async ValueTask EchoOnPool(Exchange exchange)
    {
        await Task.Yield();
        await Echo(exchange);
    }

    // Reads without waiting first, and owns its buffer only while bytes come.
    private static async ValueTask EchoByNews(Exchange exchange)
    {
        var tunnel = await Switch(exchange);
        var buffer = new byte[10_000];
        while (true)
        {
            var count = tunnel.TryRead(buffer);
            if (count == 0)
                break;
            if (count > 0)
                await tunnel.WriteAsync(buffer.AsMemory(0, count));
            else
                await tunnel.WaitToReadAsync();
        }
        await tunnel.WriteAsync("bye from "u8.ToArray());
        await tunnel.WriteAsync(Encoding.ASCII.GetBytes(exchange.Path()));
    }

    public static TheoryData<string, string> Ways
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var wire in new[] { "tcp", "unix", "memory", "memory/7", "memory/1" })
            {
                data.Add(wire, "reactor");
                data.Add(wire, "pool");
                data.Add(wire, "news");
            }
            return data;
        }
    }

    private static Func<Exchange, ValueTask> Way(string way) => way switch
    {
        "reactor" => Echo,
        "pool" => EchoOnPool,
        _ => EchoByNews,
    };

    [Theory, MemberData(nameof(Ways))]
    public void Bytes_go_both_ways_until_the_client_ends_its_side(string wire, string way)
    {
        using var server = new TestServer(wire, Way(way));
        var client = server.Connect();
        // The first bytes come with the request.
        client.Send(Upgrade + "early");
        var head = client.ReadResponse();
        Assert.Equal(101, head.Status);
        Assert.Equal("Upgrade", head["Connection"]);
        Assert.Equal("echo", head["Upgrade"]);
        Assert.Equal("early", Encoding.ASCII.GetString(client.Read(5)));
        for (var i = 0; i < 10; i++)
        {
            var bytes = ExchangeExtensions.Pattern(1 + (i * 300));
            client.Send(bytes);
            Assert.Equal(bytes, client.Read(bytes.Length));
        }
        client.HalfClose();
        Assert.Equal("bye from /chat", Encoding.ASCII.GetString(client.ReadToEnd()));
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Large_amounts_go_both_ways(string wire)
    {
        using var server = new TestServer(wire, EchoByNews);
        var client = server.Connect();
        client.Send(Upgrade);
        client.ReadResponse();
        var bytes = ExchangeExtensions.Pattern(5_000_000);
        var sending = Task.Run(
            () =>
            {
                client.Send(bytes);
                client.HalfClose();
            },
            TestContext.Current.CancellationToken);
        Assert.True(bytes.AsSpan().SequenceEqual(client.Read(bytes.Length)));
        Assert.Equal("bye from /chat", Encoding.ASCII.GetString(client.ReadToEnd()));
        Eventually.Ends(sending);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void The_server_may_end_its_side_first(string wire)
    {
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new TestServer(wire, async exchange =>
        {
            var tunnel = await Switch(exchange);
            await tunnel.WriteAsync("that is all"u8.ToArray());
            await tunnel.ShutdownWriteAsync();
            var text = new StringBuilder();
            var buffer = new byte[100];
            int count;
            while ((count = await tunnel.ReadAsync(buffer)) > 0)
                text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            heard.SetResult(text.ToString());
        });
        var client = server.Connect();
        client.Send(Upgrade);
        client.ReadResponse();
        Assert.Equal("that is all", Encoding.ASCII.GetString(client.ReadToEnd()));
        client.Send("still ");
        client.Send("talking");
        client.HalfClose();
        Assert.Equal("still talking", Eventually.Result(heard.Task));
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Last_words_arrive_though_the_client_still_talks(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            var tunnel = await Switch(exchange);
            await tunnel.ReadAsync(new byte[1]);
            await tunnel.WriteAsync(new byte[50_000]);
        });
        var client = server.Connect();
        client.Send(Upgrade);
        client.ReadResponse();
        client.Send(new byte[100_000]);
        Assert.Equal(50_000, client.ReadToEnd().Length);
    }

    [Theory, MemberData(nameof(Wires.Resettable), MemberType = typeof(Wires))]
    public void A_reset_ends_waits(string wire)
    {
        foreach (var way in new[] { "reactor", "pool", "news" })
        {
            var status = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var server = new TestServer(wire, async exchange =>
            {
                try
                {
                    await Way(way)(exchange);
                }
                catch (BadRequestException exception)
                {
                    status.TrySetResult(exception.Status);
                }
            });
            var client = server.Connect();
            client.Send(Upgrade);
            client.ReadResponse();
            client.Reset();
            Assert.Equal(499, Eventually.Result(status.Task));
        }
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void The_handler_may_drop_it(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            var tunnel = await Switch(exchange);
            await tunnel.WriteAsync("x"u8.ToArray());
            tunnel.Abort();
            await Assert.ThrowsAsync<BadRequestException>(async () => await tunnel.ReadAsync(new byte[1]));
            await Assert.ThrowsAsync<BadRequestException>(async () => await tunnel.WriteAsync(new byte[1]));
            await Assert.ThrowsAsync<BadRequestException>(async () => await tunnel.WaitToReadAsync());
        });
        var client = server.Connect();
        client.Send(Upgrade);
        client.ReadToEnd(allowReset: true);
        server.WaitForConnections(0);
        Assert.Empty(server.Events.Failed);
    }

    [Fact]
    public void CONNECT_becomes_a_tunnel()
    {
        using var server = new TestServer("tcp", Echo);
        var client = server.Connect();
        client.Send("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\nhello");
        var head = client.ReadResponse(toHead: true);
        Assert.Equal(200, head.Status);
        Assert.Null(head["Content-Length"]);
        Assert.Null(head["Transfer-Encoding"]);
        Assert.Equal("hello", Encoding.ASCII.GetString(client.Read(5)));
    }

    [Fact]
    public void A_switch_that_nobody_asked_for_is_a_failure()
    {
        using var server = new TestServer("tcp", Echo);
        Assert.Equal(500, server.Get().Status);
        Assert.IsType<InvalidOperationException>(Assert.Single(server.Events.Failed));
    }

    [Fact]
    public void A_switch_waits_for_the_end_of_the_request()
    {
        using var server = new TestServer("tcp", async exchange =>
        {
            if (exchange.Request.Query.IsEmpty)
                await exchange.ReadBody();
            await Echo(exchange);
        });
        const string fields = "Connection: Upgrade\r\nUpgrade: echo\r\nContent-Length: 4\r\n";
        Assert.Equal(400, server.Get("/?unread", "POST", fields, "body").Status);
        var client = server.Connect();
        client.Send($"POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\nbodyhello");
        Assert.Equal(101, client.ReadResponse().Status);
        Assert.Equal("hello", Encoding.ASCII.GetString(client.Read(5)));
    }

    [Fact]
    public void Pipelined_answers_go_before_the_switch()
    {
        using var server = new TestServer("tcp", exchange => exchange.Request.AsksUpgrade ? Echo(exchange) : exchange.SendText("before"));
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + Upgrade + "hello");
        Assert.Equal("before", client.ReadResponse().Text);
        Assert.Equal(101, client.ReadResponse().Status);
        Assert.Equal("hello", Encoding.ASCII.GetString(client.Read(5)));
    }
}
