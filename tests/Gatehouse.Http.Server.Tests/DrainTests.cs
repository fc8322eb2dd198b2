using System.Diagnostics;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>An end in order: requests that run or are on their way are answered, connections are closed behind them, nothing is lost.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Idle_connections_are_closed_after_a_moment(string wire)
    {
        using var server = new TestServer(wire, exchange => exchange.SendText("x"));
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        client.ReadResponse();
        var watch = Stopwatch.StartNew();
        var drained = server.Http.DrainAsync(Long, cancellation: TestContext.Current.CancellationToken);
        Assert.True(client.IsAtEnd());
        Assert.True(watch.ElapsedMilliseconds >= 150, "An idle connection had no time for a request on its way.");
        Assert.True(Eventually.Result(drained));
        Assert.Equal(0, server.Http.OpenConnections);
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_request_on_its_way_is_answered(string wire)
    {
        using var server = new TestServer(wire, exchange => exchange.SendText("x"));
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        client.ReadResponse();
        var drained = server.Http.DrainAsync(Long, cancellation: TestContext.Current.CancellationToken);
        // The reactor has begun to drain when it has run what was posted behind that.
        Assert.True(server.OnReactor(() => true));
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("close", client.ReadResponse()["Connection"]);
        Assert.True(client.IsAtEnd());
        Assert.True(Eventually.Result(drained));
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Running_requests_end_first(string wire)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var entered = new CountdownEvent(2);
        using var server = new TestServer(wire, async exchange =>
        {
            // One has promised to keep its connection before the drain, the other has not begun to answer.
            if (exchange.Path() == "/begun")
                await exchange.WriteText("begun ");
            entered.Signal();
            await release.Task;
            await exchange.WriteText("ended");
        });
        var begun = server.Connect();
        begun.Send("GET /begun HTTP/1.1\r\nHost: a\r\n\r\n");
        var waiting = server.Connect();
        waiting.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        entered.Wait(TestContext.Current.CancellationToken);
        var drained = server.Http.DrainAsync(Long, cancellation: TestContext.Current.CancellationToken);
        Thread.Sleep(300);
        Assert.False(drained.IsCompleted);
        release.SetResult();
        Assert.Equal("begun ended", begun.ReadResponse().Text);
        var response = waiting.ReadResponse();
        Assert.Equal("ended", response.Text);
        Assert.Equal("close", response["Connection"]);
        Assert.True(begun.IsAtEnd());
        Assert.True(waiting.IsAtEnd());
        Assert.True(Eventually.Result(drained));
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void What_does_not_end_is_dropped_at_the_limit(string wire)
    {
        using var entered = new ManualResetEventSlim();
        using var server = new TestServer(wire, async exchange =>
        {
            entered.Set();
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        entered.Wait(TestContext.Current.CancellationToken);
        Assert.False(Eventually.Result(server.Http.DrainAsync(TimeSpan.FromMilliseconds(300), cancellation: TestContext.Current.CancellationToken)));
        client.ReadToEnd(allowReset: true);
        server.WaitForConnections(0);
    }

    [Fact]
    public void An_idle_server_is_drained_at_once()
    {
        using var server = new TestServer("tcp", exchange => exchange.SendText("x"));
        Assert.True(Eventually.Result(server.Http.DrainAsync(Long, cancellation: TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Two_drains_end_alike()
    {
        using var server = new TestServer("tcp", exchange => exchange.SendText("x"));
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        client.ReadResponse();
        var first = server.Http.DrainAsync(Long, cancellation: TestContext.Current.CancellationToken);
        var second = server.Http.DrainAsync(Long, cancellation: TestContext.Current.CancellationToken);
        Assert.True(Eventually.Result(first));
        Assert.True(Eventually.Result(second));
    }

    [Fact]
    public void Under_load_no_request_is_lost()
    {
        using var server = new TestServer("tcp", async exchange =>
        {
            if (exchange.Path() == "/pool")
                await Task.Yield();
            await exchange.SendText("x");
        });
        var answered = 0;
        var lost = 0;
        var started = 0;
        var connected = Enumerable.Range(0, 8).Select(_ => server.Connect()).ToArray();
        var clients = Enumerable.Range(0, 8).Select(number => Task.Run(
            () =>
            {
                var client = connected[number];
                while (true)
                {
                    client.Send($"GET /{(number % 2 == 0 ? "pool" : "")} HTTP/1.1\r\nHost: a\r\n\r\n");
                    Interlocked.Increment(ref started);
                    try
                    {
                        var response = client.ReadResponse();
                        Interlocked.Increment(ref answered);
                        if (response["Connection"] == "close")
                            return;
                    }
                    catch (Exception exception) when (exception is EndOfStreamException or System.Net.Sockets.SocketException)
                    {
                        Interlocked.Increment(ref lost);
                        return;
                    }
                }
            },
            TestContext.Current.CancellationToken)).ToArray();
        Eventually.True(() => Volatile.Read(ref answered) > 500, "load");
        server.StopListening();
        Assert.True(Eventually.Result(server.Http.DrainAsync(Long, cancellation: TestContext.Current.CancellationToken)));
        Eventually.Ends(clients);
        Assert.Equal(0, lost);
        Assert.Equal(started, answered);
    }
}
