using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Gatehouse.Http.Server.Tests.Support;
using Gatehouse.Http.Tasks;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Http.Server.Tests.Http2;

/// <summary>The steady state of HTTP/2 allocates nothing: bytes that the reactor's thread allocated over thousands of requests.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 3_000;
    private const int Streams = 8;
    private static readonly byte[] Hello = "Hello, world!"u8.ToArray();

    [Fact]
    public void Fixed_answers() => AllocatesNothing(exchange => exchange.SendAsync(Hello), hasBody: false);

    [Fact]
    public void Bodies_that_are_waited_for() => AllocatesNothing(Echo, hasBody: true);

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private static async ValueTask Echo(Exchange exchange)
    {
        var buffer = exchange.Request.Path.Length > 0 ? Scratch : [];
        while (await exchange.ReadAsync(buffer) > 0)
        {
        }
        await exchange.SendAsync(Hello);
    }

    private static readonly byte[] Scratch = new byte[100];

    private static void AllocatesNothing(Func<Exchange, ValueTask> handle, bool hasBody)
    {
        using var server = new TestServer("tcp", handle);
        server.Http.Handler = new PlainHandler(handle);
        var client = new Http2Client(server.Connect(), settings: (4, 0x7FFF_FFFF));
        client.Send(Http2Client.WindowUpdate, 0, 0, Http2Client.Word(0x7FFF_0000));
        client.Sync();
        var socket = client.Wire.Socket;
        var answer = new byte[64 * 1024];
        var id = 1;
        for (var i = 0; i < 1500; i++)
            Round(socket, hasBody, ref id, answer, isApart: i < 50);
        using var meter = new Meter();
        var before = meter.Read(server.Reactor);
        for (var i = 0; i < Rounds; i++)
            Round(socket, hasBody, ref id, answer, isApart: false);
        // Not a byte for a request; the encoder's table takes up each second's Date, until it is full, and grows with that.
        Assert.InRange(meter.Read(server.Reactor) - before, 0, 16 * 1024);
    }

    // Requests of eight streams at once, and frames until each has ended.
    private static void Round(Socket socket, bool hasBody, ref int id, byte[] answer, bool isApart)
    {
        var heads = new List<byte>();
        for (var i = 0; i < Streams; i++)
            heads.AddRange(Http2Client.Request(id + (2 * i), "/path", hasBody ? "POST" : "GET", ends: !hasBody));
        socket.Send(heads.ToArray());
        if (hasBody)
        {
            // At first so that all eight wait at the same time, and there are objects for so many.
            if (isApart)
                Thread.Sleep(2);
            else
                Thread.Yield();
            var bodies = new List<byte>();
            for (var i = 0; i < Streams; i++)
                bodies.AddRange(Http2Client.Bytes(Http2Client.Data, Http2Client.EndStream, id + (2 * i), Hello));
            socket.Send(bodies.ToArray());
        }
        id += 2 * Streams;
        var ended = 0;
        var have = 0;
        var at = 0;
        while (ended < Streams)
        {
            var count = socket.Receive(answer, have, answer.Length - have, SocketFlags.None);
            Assert.True(count > 0);
            have += count;
            while (have - at >= 9)
            {
                var length = (answer[at] << 16) | (answer[at + 1] << 8) | answer[at + 2];
                if (have - at < 9 + length)
                    break;
                if (answer[at + 3] is 0 or 1 && (answer[at + 4] & 1) != 0)
                    ended++;
                at += 9 + length;
            }
        }
    }

    private sealed class PlainHandler(Func<Exchange, ValueTask> handle) : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange) => handle(exchange);
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
