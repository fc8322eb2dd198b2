using System.Collections.Concurrent;
using System.Text;
using Gatehouse.Http.Server.Tests.Support;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Http.Server.Tests;

/// <summary>Handlers on the reactor, on the thread pool, and going from one to the other.</summary>
public sealed class ThreadTests
{
    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Waits_begun_on_the_reactor_resume_there(string wire)
    {
        var off = 0;
        using var server = new TestServer(wire, async exchange =>
        {
            var buffer = new byte[3];
            while (await exchange.ReadAsync(buffer) > 0)
                off += Reactor.Current is null ? 1 : 0;
            await exchange.WriteAsync(new byte[100_000]);
            off += Reactor.Current is null ? 1 : 0;
        });
        var client = server.Connect();
        for (var i = 0; i < 3; i++)
        {
            client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
            Thread.Sleep(5);
            client.Send("67890");
            Assert.Equal(100_000, client.ReadResponse().Body.Length);
        }
        Assert.Equal(0, off);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Waits_begun_on_the_pool_resume_there(string wire)
    {
        var on = 0;
        using var file = new TemporaryFile(20_000);
        using var server = new TestServer(wire, async exchange =>
        {
            await Task.Yield();
            var hints = new HeaderList();
            hints.Add("Link"u8, "</x>"u8);
            await exchange.SendInterimAsync(103, hints);
            on += Reactor.Current is null ? 0 : 1;
            var body = await exchange.ReadBody(5);
            on += Reactor.Current is null ? 0 : 1;
            await exchange.WriteAsync(body);
            on += Reactor.Current is null ? 0 : 1;
            await exchange.SendFileAsync(file.Handle, 0, 20_000);
            on += Reactor.Current is null ? 0 : 1;
            await exchange.WriteAsync(new byte[30_000]);
            on += Reactor.Current is null ? 0 : 1;
            exchange.Response.Trailers.Set("X-End"u8, "yes"u8);
            await exchange.CompleteAsync();
            on += Reactor.Current is null ? 0 : 1;
        });
        var client = server.Connect();
        for (var i = 0; i < 5; i++)
        {
            client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n");
            Assert.Equal(103, client.ReadResponse().Status);
            Assert.Equal(100, client.ReadResponse().Status);
            client.Send("1234567890");
            var response = client.ReadResponse();
            Assert.Equal([.. "1234567890"u8, .. file.Content, .. new byte[30_000]], response.Body);
            Assert.Equal([new("X-End", "yes")], response.Trailers);
        }
        Assert.Equal(0, on);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_pool_thread_may_block_on_the_exchange(string wire)
    {
        using var server = new TestServer(wire, exchange => new ValueTask(Task.Run(() =>
        {
            var buffer = new byte[4];
            var body = new List<byte>();
            int count;
            while ((count = exchange.ReadAsync(buffer).AsTask().Result) > 0)
                body.AddRange(buffer.AsSpan(0, count));
            exchange.SendAsync(body.ToArray()).AsTask().Wait();
        })));
        var client = server.Connect();
        for (var i = 0; i < 3; i++)
        {
            client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
            Thread.Sleep(5);
            client.Send("67890");
            Assert.Equal("1234567890", client.ReadResponse().Text);
        }
    }

    [Fact]
    public void Many_pool_handlers_at_once_keep_their_requests_apart()
    {
        using var server = new TestServer("tcp", async exchange =>
        {
            await Task.Yield();
            var body = await exchange.ReadBody(100);
            await Task.Yield();
            await exchange.WriteText(exchange.Path());
            if (body.Length % 2 == 0)
                await Task.Delay(1);
            await exchange.WriteAsync(body);
        });
        Parallel.For(0, 32, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, number =>
        {
            using var client = server.Connect();
            for (var i = 0; i < 20; i++)
            {
                var body = new string((char)('a' + (number % 26)), (number * 50) + i);
                client.Send($"POST /{number}/{i}/ HTTP/1.1\r\nHost: a\r\nContent-Length: {body.Length}\r\n\r\n{body}");
                Assert.Equal($"/{number}/{i}/{body}", client.ReadResponse().Text);
            }
        });
    }

    [Fact]
    public void A_handler_may_end_on_the_reactor_while_the_pool_has_asked_for_a_read()
    {
        // The read stands in the reactor's queue when the handler ends: it must meet this exchange, and not the next one that uses the same object.
        using var server = new TestServer("tcp", exchange =>
        {
            if (!exchange.Request.HasBody)
                return exchange.SendText("next");
            var asked = Task.Run(() => exchange.ReadAsync(new byte[10]).AsTask().ContinueWith(_ => { }, TaskScheduler.Default));
            Thread.Sleep(20);
            return exchange.SendText("first");
        });
        var client = server.Connect();
        for (var i = 0; i < 10; i++)
        {
            client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n1234567890GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.Equal("first", client.ReadResponse().Text);
            Assert.Equal("next", client.ReadResponse().Text);
        }
    }

    [Fact]
    public void A_read_that_a_handler_left_behind_meets_no_later_request()
    {
        // With the pool busy, the waiter of the read that the end of the handler ended comes late: the exchange must not be another request's by then.
        using var free = new ManualResetEventSlim();
        ThreadPool.GetMinThreads(out var threads, out _);
        var left = new ConcurrentQueue<Task>();
        using var server = new TestServer("tcp", exchange =>
        {
            if (exchange.Path() == "/left")
            {
                var asked = new Thread(() => left.Enqueue(exchange.ReadAsync(new byte[10]).AsTask()));
                asked.Start();
                asked.Join();
                for (var i = 0; i < threads * 2; i++)
                    ThreadPool.UnsafeQueueUserWorkItem(_ => free.Wait(), null);
            }
            return exchange.SendText("done");
        });
        for (var i = 0; i < 3; i++)
        {
            using var client = server.Connect();
            client.Send("POST /left HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
            Assert.Equal("done", client.ReadResponse().Text);
            client.Send("1234567890");
            client.Send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.Equal("done", client.ReadResponse().Text);
        }
        free.Set();
        Eventually.True(() => left.Count == 3 && left.All(task => task.IsFaulted), "each read that was left behind ends");
        Assert.All(left, task => Assert.Equal(499, Assert.IsType<BadRequestException>(task.Exception!.InnerException).Status));
    }

    [Fact]
    public void The_request_can_be_read_from_the_pool_to_its_end()
    {
        using var server = new TestServer("tcp", async exchange =>
        {
            await Task.Delay(1);
            Assert.True(exchange.Request.Headers.TryGet("X-Name"u8, out var name));
            await exchange.SendText($"{Encoding.ASCII.GetString(name)} {exchange.Path()}");
        });
        var client = server.Connect();
        // The next request arrives in the same buffer meanwhile.
        client.Send(string.Concat(Enumerable.Range(0, 30).Select(i => $"GET /{i} HTTP/1.1\r\nHost: a\r\nX-Name: {i * i}\r\n\r\n")));
        for (var i = 0; i < 30; i++)
            Assert.Equal($"{i * i} /{i}", client.ReadResponse().Text);
    }
}
