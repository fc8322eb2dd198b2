using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Gatehouse.Http.Server.Tests.Support;
using Gatehouse.Http.Tasks;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Http.Server.Tests;

/// <summary>The steady state allocates nothing: bytes that the reactor's thread allocated over 10,000 requests.</summary>
public sealed class AllocationTests
{
    private const int Requests = 10_000;
    private static readonly byte[] Hello = "Hello, world!"u8.ToArray();

    [Theory]
    [InlineData("tcp")]
    [InlineData("unix")]
    public void A_fixed_answer(string wire) =>
        AllocatesNothing(wire, "GET / HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\n\r\n", exchange => exchange.SendAsync(Hello));

    [Fact]
    public void A_streamed_answer() => AllocatesNothing("tcp", "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n", static exchange => Stream(exchange));

    [Fact]
    public void A_body_that_is_not_read() =>
        AllocatesNothing("tcp", "POST / HTTP/1.1\r\nHost: example.org\r\nContent-Length: 5\r\n\r\n12345", exchange => exchange.SendAsync(Hello));

    [Fact]
    public void A_handler_that_waits_each_time()
    {
        Pause? pause = null;
        AllocatesNothing("tcp", "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n", exchange => Wait(exchange, pause ??= new Pause()));
    }

    [Fact]
    public void A_handler_that_waits_for_a_chunked_body()
    {
        var buffer = new byte[100];
        // The body comes in a write of its own, so that the read waits for it.
        AllocatesNothing(
            "tcp",
            "POST / HTTP/1.1\r\nHost: example.org\r\nTransfer-Encoding: chunked\r\n\r\n",
            exchange => Read(exchange, buffer),
            "5\r\n12345\r\n0\r\n\r\n");
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private static async ValueTask Stream(Exchange exchange)
    {
        exchange.Response.Headers.Add("X-Name"u8, "value"u8);
        await exchange.WriteAsync(Hello);
        await exchange.WriteAsync(Hello);
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private static async ValueTask Wait(Exchange exchange, Pause pause)
    {
        await pause.Once();
        await exchange.SendAsync(Hello);
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private static async ValueTask Read(Exchange exchange, byte[] buffer)
    {
        while (await exchange.ReadAsync(buffer) > 0)
        {
        }
        await exchange.SendAsync(Hello);
    }

    private static void AllocatesNothing(string wire, string head, Func<Exchange, ValueTask> handle, string? body = null)
    {
        using var server = new TestServer(wire, handle);
        // The handler itself, without the test's bookkeeping.
        server.Http.Handler = new PlainHandler(handle);
        var client = server.Connect().Socket;
        var request = Encoding.ASCII.GetBytes(head);
        var rest = body is null ? null : Encoding.ASCII.GetBytes(body);
        client.ReceiveTimeout = 30_000;
        client.Send(request);
        if (rest is not null)
            client.Send(rest);
        var answer = new byte[4096];
        Thread.Sleep(200);
        var length = client.Receive(answer);
        for (var i = 0; i < 2000; i++)
            RoundTrip(client, request, rest, answer, length);
        using var meter = new Meter();
        var before = meter.Read(server.Reactor);
        for (var i = 0; i < Requests; i++)
            RoundTrip(client, request, rest, answer, length);
        Assert.Equal(0, meter.Read(server.Reactor) - before);
    }

    private static void RoundTrip(Socket client, byte[] request, byte[]? rest, byte[] answer, int length)
    {
        client.Send(request);
        if (rest is not null)
        {
            Thread.Yield();
            client.Send(rest);
        }
        for (var have = 0; have < length;)
        {
            var count = client.Receive(answer, have, length - have, SocketFlags.None);
            Assert.True(count > 0);
            have += count;
        }
    }

    private sealed class PlainHandler(Func<Exchange, ValueTask> handle) : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange) => handle(exchange);
    }

    /// <summary>A wait until the end of the reactor's turn.</summary>
    private sealed class Pause : IReactorWork
    {
        private readonly ReactorWait<bool> _wait = new();

        public ValueTask Once()
        {
            _wait.Begin(resumeInline: true);
            Reactor.Current!.Defer(this);
            return _wait.Completion;
        }

        public void Run() => _wait.SetResult(true);
    }

    /// <summary>Reads the reactor thread's counter, allocating nothing there itself.</summary>
    private sealed class Meter : IReactorWork, IDisposable
    {
        private readonly ManualResetEventSlim _done = new();
        private long _bytes;

        public long Read(Reactor reactor)
        {
            _done.Reset();
            reactor.Post(this);
            Assert.True(_done.Wait(TimeSpan.FromSeconds(30)));
            return _bytes;
        }

        public void Dispose() => _done.Dispose();

        public void Run()
        {
            _bytes = GC.GetAllocatedBytesForCurrentThread();
            _done.Set();
        }
    }
}
