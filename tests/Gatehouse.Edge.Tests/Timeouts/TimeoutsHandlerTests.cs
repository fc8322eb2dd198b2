using System.Diagnostics;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Edge.Timeouts;
using Gatehouse.Http;

namespace Gatehouse.Edge.Tests.Timeouts;

public sealed class TimeoutsHandlerTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_handler_that_heeds_its_token_is_ended_with_503_and_the_connection_goes_on()
    {
        var inner = new Inner(async exchange =>
        {
            if (exchange.Request.Path.SequenceEqual("/slow"u8))
                await Task.Delay(Timeout.Infinite, exchange.Aborted);
            await exchange.SendAsync("ok"u8.ToArray());
        });
        using var server = Serve(new TimeoutsConfig { Request = Short }, inner);
        using var client = server.Connect();
        for (var i = 0; i < 3; i++)
        {
            client.Send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.Equal(503, client.ReadResponse().Status);
            Assert.True(server.Failures.TryDequeue(out var failure));
            Assert.Equal("the request was not done within 150ms (timeouts.request)", failure);
            client.Send("GET /fast HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.Equal("ok", client.ReadResponse().Text);
            Assert.True(server.Failures.TryDequeue(out failure));
            Assert.Null(failure);
        }
        Assert.Equal(3, server.Refused.Count);
        Assert.All(server.Refused, refused => Assert.Equal("503 the request was not done within 150ms (timeouts.request)", refused));
    }

    [Fact]
    public void The_observer_is_told()
    {
        var inner = new Inner(async exchange =>
        {
            var observer = new Observer();
            exchange.AbortObserver = observer;
            await observer.Told.Task;
            exchange.Notes.Failure = "the connection was dropped";
            exchange.Response.Status = 502;
        });
        using var server = Serve(new TimeoutsConfig { Answer = Short }, inner);
        Assert.Equal(503, server.Get("/").Status);
        Assert.True(server.Failures.TryDequeue(out var failure));
        Assert.Equal("the answer did not begin within 150ms (timeouts.answer)", failure);
    }

    [Fact]
    public void After_an_upstream_was_asked_it_is_504()
    {
        var inner = new Inner(async exchange =>
        {
            exchange.Notes.UpstreamTries = 1;
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        using var server = Serve(new TimeoutsConfig { Answer = Short }, inner);
        Assert.Equal(504, server.Get("/").Status);
    }

    [Fact]
    public void A_body_that_is_awaited_too_long_is_408()
    {
        using var server = Serve(new TimeoutsConfig { Request = Short }, ReadBody());
        using var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
        Assert.Equal(408, client.ReadResponse().Status);
        Assert.True(client.IsAtEnd());
        Assert.Equal("408 the request was not done within 150ms (timeouts.request)", Assert.Single(server.Refused));
    }

    [Fact]
    public void Each_read_of_a_body_has_a_limit_of_the_route()
    {
        using var server = Serve(new TimeoutsConfig { Body = Short }, ReadBody());
        using var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
        Assert.Equal(408, client.ReadResponse().Status);
        Assert.StartsWith("408 no byte of the request's body within 0.", Assert.Single(server.Refused), StringComparison.Ordinal);
    }

    [Fact]
    public void A_handler_that_does_not_end_costs_the_connection()
    {
        var end = new TaskCompletionSource();
        using var server = Serve(new TimeoutsConfig { Request = Short }, new Inner(async _ => await end.Task));
        using var client = server.Connect();
        var started = Stopwatch.GetTimestamp();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Empty(client.ReadToEnd(allowReset: true));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 1, 8);
        end.SetResult();
    }

    [Fact]
    public void An_answer_that_has_begun_is_cut_off_at_the_limit_of_the_request()
    {
        var inner = new Inner(async exchange =>
        {
            await exchange.WriteAsync("part"u8.ToArray());
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        using var server = Serve(new TimeoutsConfig { Request = Short }, inner);
        using var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var all = System.Text.Encoding.ASCII.GetString(client.ReadToEnd(allowReset: true));
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", all, StringComparison.Ordinal);
        Assert.DoesNotContain("0\r\n\r\n", all, StringComparison.Ordinal);
        SpinWait.SpinUntil(() => !server.Failures.IsEmpty, TimeSpan.FromSeconds(10));
        Assert.Equal("the request was not done within 150ms (timeouts.request)", Assert.Single(server.Failures));
    }

    [Fact]
    public void An_answer_that_has_begun_is_not_held_to_the_limit_of_its_beginning()
    {
        var inner = new Inner(async exchange =>
        {
            await exchange.WriteAsync("slow "u8.ToArray());
            await Task.Delay(500);
            await exchange.SendAsync("answer"u8.ToArray());
        });
        using var server = Serve(new TimeoutsConfig { Answer = Short, Request = Long }, inner);
        Assert.Equal("slow answer", server.Get("/").Text);
    }

    [Fact]
    public void A_tunnel_has_limits_of_its_own()
    {
        var inner = new Inner(async exchange =>
        {
            exchange.Response.Status = 101;
            exchange.Response.Headers.Add("Upgrade"u8, "echo"u8);
            var tunnel = await exchange.UpgradeAsync();
            var buffer = new byte[16];
            int count;
            while ((count = await tunnel.ReadAsync(buffer)) > 0)
                await tunnel.WriteAsync(buffer.AsMemory(0, count));
        });
        using var server = Serve(new TimeoutsConfig { Answer = Short, Request = Short }, inner);
        using var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
        Assert.Equal(101, client.ReadResponse().Status);
        Thread.Sleep(500);
        client.Send("still here");
        Assert.Equal("still here"u8.ToArray(), client.Read(10));
    }

    [Fact]
    public void Handlers_that_end_elsewhere_and_in_time_are_not_touched()
    {
        var inner = new Inner(async exchange =>
        {
            await Task.Run(() => Thread.Sleep(1));
            await exchange.SendAsync("ok"u8.ToArray());
        });
        using var server = Serve(new TimeoutsConfig { Answer = Long, Request = Long }, inner);
        using var client = server.Connect();
        for (var i = 0; i < 100; i++)
        {
            client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.Equal("ok", client.ReadResponse().Text);
        }
        Assert.All(server.Failures, Assert.Null);
    }

    [Fact]
    public void What_a_handler_throws_in_time_passes()
    {
        using var server = Serve(new TimeoutsConfig { Request = Long }, new Inner(async exchange =>
        {
            if (exchange.Request.Path.SequenceEqual("/later"u8))
                await Task.Yield();
            throw new BadRequestException(418, "teapot");
        }));
        Assert.Equal(418, server.Get("/").Status);
        Assert.Equal(418, server.Get("/later").Status);
    }

    [Fact]
    public void A_client_that_goes_away_is_no_time_out()
    {
        using var server = Serve(new TimeoutsConfig { Request = Long }, new Inner(async exchange => await Task.Delay(Timeout.Infinite, exchange.Aborted)));
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Thread.Sleep(100);
        client.Reset();
        SpinWait.SpinUntil(() => !server.Failures.IsEmpty, TimeSpan.FromSeconds(10));
        Assert.Null(Assert.Single(server.Failures));
    }

    [Fact]
    public void A_slow_upstream_is_given_up_without_another_try()
    {
        using var upstream = Net.Transports.NetServer.Start(Reading.Client("127.0.0.1", 0), async stream =>
        {
            var buffer = new byte[1024];
            while (await stream.ReadAsync(buffer) > 0)
            {
            }
        });
        using var server = new EdgeServer(reactors => Wrap(new TimeoutsConfig { Answer = Short }, EchoUpstream.ProxyTo(reactors, upstream.Endpoint)));
        Assert.Equal(504, server.Get("/").Status);
        Assert.True(server.Failures.TryDequeue(out var failure));
        Assert.Equal("the answer did not begin within 150ms (timeouts.answer)", failure);
    }

    [Fact]
    public void No_limit_wraps_nothing() => Assert.Null(new TimeoutsFeature().Wrap(new TimeoutsConfig(), Inner.Says("x"), Reading.Context()));

    private static Inner ReadBody() => new(async exchange =>
    {
        var buffer = new byte[64];
        while (await exchange.ReadAsync(buffer) > 0)
        {
        }
        await exchange.SendAsync("read"u8.ToArray());
    });

    private static IHandler Wrap(TimeoutsConfig config, IHandler inner) => new TimeoutsFeature().Wrap(config, inner, Reading.Context())!;

    private static EdgeServer Serve(TimeoutsConfig config, IHandler inner) => new(Wrap(config, inner));

    private sealed class Observer : IAbortObserver
    {
        public TaskCompletionSource Told { get; } = new();

        public void OnClientAborted() => Told.TrySetResult();
    }
}
