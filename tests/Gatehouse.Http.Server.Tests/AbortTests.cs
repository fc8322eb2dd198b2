using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>Clients that go away at any moment, and who hears of it.</summary>
public sealed class AbortTests
{
    [Theory, MemberData(nameof(Wires.Resettable), MemberType = typeof(Wires))]
    public void A_reset_between_requests_or_inside_a_head_is_nobodys_business(string wire)
    {
        using var server = new TestServer(wire, exchange => exchange.SendText("x"));
        foreach (var last in new[] { "", "GET / HT", "GET / HTTP/1.1\r\nHost:" })
        {
            var client = server.Connect();
            client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.ReadResponse();
            client.Send(last);
            client.Reset();
            server.WaitForConnections(0);
        }
        Assert.Empty(server.Events.Refused);
        Assert.Empty(server.Events.Failed);
    }

    [Theory, MemberData(nameof(Wires.Resettable), MemberType = typeof(Wires))]
    public void The_observer_is_told_once_and_the_token_cancelled(string wire)
    {
        var observer = new Observer();
        using var server = new TestServer(wire, async exchange =>
        {
            var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            exchange.AbortObserver = observer;
            var token = exchange.Aborted;
            Assert.False(token.IsCancellationRequested);
            using var registration = token.Register(cancelled.SetResult);
            observer.Entered.Set();
            await cancelled.Task;
            Assert.True(exchange.IsAborted);
            observer.Ended.Set();
            await exchange.SendText("nobody");
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        observer.Entered.Wait(TestContext.Current.CancellationToken);
        client.Reset();
        Assert.True(observer.Ended.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        server.WaitForConnections(0);
        Assert.Equal(1, observer.Calls);
        Assert.Empty(server.Events.Failed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_end_of_the_clients_side_is_told_and_no_abort(bool atOnce)
    {
        var observer = new Observer();
        using var server = new TestServer("tcp", async exchange =>
        {
            exchange.AbortObserver = observer;
            observer.Entered.Set();
            await Task.Run(() => observer.SideEnded.Wait(TimeSpan.FromSeconds(30)));
            Assert.False(exchange.IsAborted);
            await exchange.SendText("still read");
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        if (!atOnce)
            observer.Entered.Wait(TestContext.Current.CancellationToken);
        client.HalfClose();
        Assert.Equal("still read", client.ReadResponse().Text);
        Assert.True(observer.SideEnded.IsSet);
        Assert.Equal(0, observer.Calls);
    }

    [Theory, MemberData(nameof(Wires.Resettable), MemberType = typeof(Wires))]
    public void A_token_asked_for_afterwards_is_cancelled(string wire)
    {
        using var entered = new ManualResetEventSlim();
        var seen = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new TestServer(wire, async exchange =>
        {
            await Task.Yield();
            entered.Set();
            Eventually.True(() => exchange.IsAborted, "the abort");
            seen.SetResult(exchange.Aborted.IsCancellationRequested);
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        entered.Wait(TestContext.Current.CancellationToken);
        client.Reset();
        Assert.True(Eventually.Result(seen.Task));
    }

    [Theory, MemberData(nameof(Wires.Resettable), MemberType = typeof(Wires))]
    public void A_cancelled_handler_has_not_failed(string wire)
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
        client.Reset();
        server.Events.OnlyRefused(499, "broke");
        Assert.Empty(server.Events.Failed);
    }

    [Theory, MemberData(nameof(Wires.Resettable), MemberType = typeof(Wires))]
    public void A_reset_ends_a_read_and_the_observer_is_told(string wire)
    {
        foreach (var onPool in new[] { false, true })
        {
            var observer = new Observer();
            var status = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var server = new TestServer(wire, async exchange =>
            {
                exchange.AbortObserver = observer;
                if (onPool)
                    await Task.Yield();
                observer.Entered.Set();
                try
                {
                    await exchange.ReadBody();
                }
                catch (BadRequestException exception)
                {
                    Eventually.True(() => onPool is false || observer.Calls == 1, "the observer to be told");
                    status.SetResult(exception.Status);
                    throw;
                }
            });
            var client = server.Connect();
            client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
            observer.Entered.Wait(TestContext.Current.CancellationToken);
            Thread.Sleep(20);
            client.Reset();
            Assert.Equal(499, Eventually.Result(status.Task));
            server.WaitForConnections(0);
            Assert.True(observer.Calls <= 1);
        }
    }

    [Theory, MemberData(nameof(Wires.Resettable), MemberType = typeof(Wires))]
    public void A_reset_ends_a_write(string wire)
    {
        foreach (var onPool in new[] { false, true })
        {
            var observer = new Observer();
            var status = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var server = new TestServer(wire, async exchange =>
            {
                exchange.AbortObserver = observer;
                if (onPool)
                    await Task.Yield();
                observer.Entered.Set();
                try
                {
                    while (true)
                        await exchange.WriteAsync(new byte[1_000_000]);
                }
                catch (BadRequestException exception)
                {
                    status.SetResult(exception.Status);
                }
            });
            var client = server.Connect();
            client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            observer.Entered.Wait(TestContext.Current.CancellationToken);
            client.Read(100_000);
            Thread.Sleep(20);
            client.Reset();
            Assert.Equal(499, Eventually.Result(status.Task));
            server.WaitForConnections(0);
            Assert.Equal(1, observer.Calls);
        }
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_handler_may_drop_the_connection(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            if (exchange.Path() == "/pool")
                await Task.Yield();
            exchange.Abort();
        });
        foreach (var target in new[] { "/", "/pool" })
        {
            var client = server.Connect();
            client.Send($"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
            client.ReadToEnd(allowReset: true);
            server.WaitForConnections(0);
        }
    }

    [Fact]
    public void A_client_whose_request_came_with_its_connection_is_watched()
    {
        // The driver finds the request at its first read, and never waits on the socket.
        using var hold = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        using var server = new TestServer("tcp", async exchange =>
        {
            entered.Set();
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        server.Reactor.Post(_ => hold.Wait(), null);
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        hold.Set();
        entered.Wait(TestContext.Current.CancellationToken);
        client.Reset();
        server.Events.OnlyRefused(499, "broke");
        server.WaitForConnections(0);
    }

    [Fact]
    public void Reads_that_meet_the_reset_tell_the_observer()
    {
        // The reset is there before the read: no event of the transport tells of it.
        var observer = new Observer();
        using var server = new TestServer("tcp", async exchange =>
        {
            exchange.AbortObserver = observer;
            observer.Entered.Set();
            Thread.Sleep(200);
            try
            {
                await exchange.ReadBody();
            }
            catch (BadRequestException)
            {
                await Task.Delay(100);
                observer.Ended.Set();
            }
        });
        var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
        observer.Entered.Wait(TestContext.Current.CancellationToken);
        client.Reset();
        Assert.True(observer.Ended.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(1, observer.Calls);
    }

    private sealed class Observer : IAbortObserver
    {
        private int _calls;

        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Ended { get; } = new();

        public ManualResetEventSlim SideEnded { get; } = new();

        public int Calls => Volatile.Read(ref _calls);

        public void OnClientAborted() => Interlocked.Increment(ref _calls);

        public void OnClientEnded() => SideEnded.Set();
    }
}
