using System.Diagnostics;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>Each limit of time with a short value: what the client gets, and that the log is told which limit it was.</summary>
public sealed class TimeLimitTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);

    private static ValueTask Answer(Exchange exchange) => exchange.SendText("x");

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Idle_connections_are_closed_without_a_word(string wire)
    {
        using var server = new TestServer(wire, Answer, new ServerLimits { KeepAlive = Short });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        client.ReadResponse();
        Assert.True(client.IsAtEnd());
        Assert.Empty(server.Events.Refused);
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_connection_that_never_says_anything_is_closed(string wire)
    {
        using var server = new TestServer(wire, Answer, new ServerLimits { HeadTime = Short });
        Assert.True(server.Connect().IsAtEnd());
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_slow_head_is_408(string wire)
    {
        using var server = new TestServer(wire, Answer, new ServerLimits { HeadTime = TimeSpan.FromSeconds(1.5) });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        client.ReadResponse();
        // Bytes now and then do not help: the limit is for the whole head.
        client.Send("GET / HTTP/1.1\r\n");
        var watch = Stopwatch.StartNew();
        var sending = Task.Run(
            () =>
            {
                try
                {
                    foreach (var c in "X-Slowly: " + new string('x', 500))
                    {
                        client.Send($"{c}");
                        Thread.Sleep(20);
                    }
                }
                catch (Exception exception) when (exception is System.Net.Sockets.SocketException or ObjectDisposedException)
                {
                    // Closed, as it should be.
                }
            },
            TestContext.Current.CancellationToken);
        var response = client.ReadResponse();
        Assert.Equal(408, response.Status);
        Assert.Equal("close", response["Connection"]);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(9), "The head's limit did not end it.");
        server.Events.OnlyRefused(408, "head did not arrive within 1.5 s");
        client.Dispose();
        Eventually.Ends(sending);
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_body_that_stops_is_408(string wire)
    {
        using var server = new TestServer(wire, async exchange => await exchange.ReadBody(), new ServerLimits { BodyTime = Short });
        var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
        Assert.Equal(408, client.ReadResponse().Status);
        Assert.True(client.IsAtEnd());
        server.Events.OnlyRefused(408, "no byte of the request's body within 0.15 s");
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_body_that_trickles_is_408(string wire)
    {
        var limits = new ServerLimits { BodyTime = TimeSpan.FromSeconds(20), RateGrace = Short, MinimumRate = 10_000 };
        using var server = new TestServer(wire, async exchange => await exchange.ReadBody(), limits);
        var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
        for (var i = 0; i < 1000 && server.Events.Refused.IsEmpty; i++)
        {
            client.Send("x");
            Thread.Sleep(5);
        }
        Assert.Equal(408, client.ReadResponse().Status);
        server.Events.OnlyRefused(408, "less than 10000 bytes per second");
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_reader_that_stops_is_dropped(string wire)
    {
        var seen = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new TestServer(
            wire,
            async exchange =>
            {
                try
                {
                    await exchange.WriteAsync(new byte[30_000_000]);
                }
                catch (BadRequestException exception)
                {
                    seen.SetResult(exception.Status);
                    throw;
                }
            },
            new ServerLimits { WriteTime = Short });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(499, Eventually.Result(seen.Task));
        Eventually.True(() => server.Events.Refused.Any(e => e.Reason.Contains("no byte of the answer within 0.15 s")), "the limit to be told");
        Assert.Contains(server.Events.Refused, e => e.Status == 0);
        server.WaitForConnections(0);
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_reader_that_stops_between_small_answers_is_dropped(string wire)
    {
        // No handler waits here: the answers are in the buffer, and the connection between two requests.
        var text = new string('x', 4000);
        using var server = new TestServer(wire, exchange => exchange.SendText(text), new ServerLimits { WriteTime = Short });
        var client = server.Connect();
        client.Send(string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 8000)));
        Eventually.True(() => server.Events.Refused.Any(e => e.Reason.Contains("no byte of the answer within 0.15 s")), "the limit to be told");
        server.WaitForConnections(0);
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_reader_that_sips_is_dropped(string wire)
    {
        var limits = new ServerLimits { WriteTime = TimeSpan.FromSeconds(20), RateGrace = Short, MinimumRate = 1_000_000_000 };
        using var server = new TestServer(wire, exchange => exchange.WriteAsync(new byte[60_000_000]), limits);
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Eventually.True(
            () =>
            {
                try
                {
                    client.Read(100_000);
                }
                catch (Exception exception) when (exception is EndOfStreamException or System.Net.Sockets.SocketException)
                {
                    // Dropped, as it should be.
                }
                Thread.Sleep(2);
                return server.Events.Refused.Any(e => e.Reason.Contains("less than 1000000000 bytes per second"));
            },
            "the limit to be told");
        server.WaitForConnections(0);
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Lingering_ends(string wire)
    {
        using var server = new TestServer(wire, Answer, new ServerLimits { LingerTime = Short });
        var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\nConnection: close\r\n\r\n");
        Assert.Equal("x", client.ReadResponse().Text);
        Assert.True(client.IsAtEnd());
        // The client neither sends nor closes.
        server.WaitForConnections(0);
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Reading_an_unread_body_away_ends(string wire)
    {
        using var server = new TestServer(wire, Answer, new ServerLimits { LingerTime = Short });
        var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
        Assert.Equal("x", client.ReadResponse().Text);
        Assert.True(client.IsAtEnd());
    }

    [Fact]
    public void A_read_that_times_out_leaves_the_write_its_own_limit()
    {
        // Both wait at once, as in a proxy that has its answer: when the body's time is over the write must still end some day.
        using var server = new TestServer(
            "tcp",
            async exchange =>
            {
                var read = exchange.ReadBody();
                var write = exchange.WriteAsync(new byte[30_000_000]);
                await Assert.ThrowsAsync<BadRequestException>(async () => await read);
                await write;
            },
            new ServerLimits { BodyTime = Short, WriteTime = Short });
        var client = server.Connect();
        server.WaitForConnections(1);
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
        server.WaitForConnections(0);
        Assert.Contains(server.Events.Refused, e => e.Reason.Contains("no byte of the answer", StringComparison.Ordinal));
    }

    [Fact]
    public void A_handler_may_take_its_time()
    {
        // Neither the head's limit nor that of a body that has been read ends it.
        var limits = new ServerLimits { HeadTime = Short, BodyTime = Short, KeepAlive = Short, WriteTime = Short, LingerTime = Short };
        using var server = new TestServer(
            "tcp",
            async exchange =>
            {
                await exchange.ReadBody();
                await Task.Delay(600);
                await exchange.WriteText("slow ");
                await Task.Delay(600);
                await exchange.WriteText("but sure");
            },
            limits);
        Assert.Equal("slow but sure", server.Get(method: "POST", fields: "Content-Length: 4\r\n", body: "body").Text);
        Assert.Empty(server.Events.Refused);
    }
}
