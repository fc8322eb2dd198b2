using System.Net.Security;
using System.Net.Sockets;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;
using Gatehouse.Testing;

namespace Gatehouse.Net.Tests.Transports;

/// <summary>The steady state allocates nothing: bytes that the reactor's thread allocated over 10,000 round trips.</summary>
[Collection("descriptor limit")]
public sealed class AllocationTests : IDisposable
{
    private const int RoundTrips = 10_000;
    private readonly ReactorGroup _group = ReactorGroup.StartNew(1);

    private Reactor Reactor => _group.Reactors[0];

    public void Dispose() => _group.Dispose();

    [Theory]
    [InlineData("tcp")]
    [InlineData("unix")]
    public void Callbacks_allocate_nothing(string kind)
    {
        using var listener = Listener.Start(_group.Reactors, EchoTests.Of(kind), new Acceptor(transport => _ = new TimedEcho(transport)));
        using var client = Clients.Connect(listener.Endpoint);
        Assert.Equal(0, Measure(client));
    }

    [Fact]
    public async Task TLS_allocates_nothing()
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Issue("a.test");
        var server = new TlsServer(new TlsServerOptions { Sites = [new TlsSite([], new FixedCertificate(TlsCertificate.FromPem(certificate, key)))] });
        using var listener = Listener.Start(
            _group.Reactors, Acceptor.Loopback, new TlsAcceptor(server, new Acceptor(transport => _ = new TimedEcho(transport))));
        using var socket = Clients.Connect(listener.Endpoint);
        using var stream = new SslStream(new NetworkStream(socket), false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync("a.test");
        Assert.Equal(0, Measure(stream.Write, stream.Read));
    }

    [Fact]
    public void Streams_allocate_nothing()
    {
        var served = 0;
        using var server = NetServer.Start(
            Acceptor.Loopback,
            async stream =>
            {
                var buffer = new byte[1024];
                while (await stream.ReadAsync(buffer) is var count and > 0)
                {
                    await stream.WriteAsync(buffer.AsMemory(0, count));
                    served++;
                }
            },
            new NetServerOptions { Reactors = _group });
        using var client = Clients.Connect(server.Endpoint);
        Assert.Equal(0, Measure(client));
        Assert.True(served >= RoundTrips);
    }

    [Fact]
    public async Task A_connection_is_small()
    {
        long bytes = 0;
        var events = new Recorder();
        using var listener = Listener.Start(_group.Reactors, Acceptor.Loopback, new Acceptor(transport => transport.Close()));
        await Reactor.On(() =>
        {
            for (var i = 0; i < 2; i++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var transport = Connector.Connect(Reactor, listener.Endpoint, events);
                bytes = GC.GetAllocatedBytesForCurrentThread() - before;
                transport.Close();
            }
        });
        Assert.True(bytes < 200, $"Expected a transport of less than 200 bytes; found {bytes}.");
    }

    private long Measure(Socket client) => Measure(
        (data, from, count) => client.Send(data, from, count, SocketFlags.None), (data, from, count) => client.Receive(data, from, count, SocketFlags.None));

    private long Measure(Action<byte[], int, int> send, Func<byte[], int, int, int> receive)
    {
        var data = new byte[100];
        for (var i = 0; i < 1000; i++)
            RoundTrip();
        var meter = new Meter();
        // A turn that has not been seen yet may cost once, whenever it comes; what each round costs comes every time.
        var least = long.MaxValue;
        for (var span = 0; span < 3 && least > 0; span++)
        {
            var before = meter.Read(Reactor);
            for (var i = 0; i < RoundTrips; i++)
                RoundTrip();
            least = Math.Min(least, meter.Read(Reactor) - before);
        }
        return least;

        void RoundTrip()
        {
            send(data, 0, data.Length);
            for (var have = 0; have < data.Length;)
                have += receive(data, have, data.Length - have);
        }
    }

    /// <summary>Reads the reactor thread's counter, allocating nothing there itself (as an event that has a waiter may).</summary>
    private sealed class Meter : IReactorWork
    {
        private long _bytes;

        internal long Read(Reactor reactor)
        {
            Volatile.Write(ref _bytes, -1);
            reactor.Post(this);
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _bytes) >= 0, ReactorExtensions.Limit));
            return _bytes;
        }

        public void Run() => Volatile.Write(ref _bytes, GC.GetAllocatedBytesForCurrentThread());
    }

    private sealed class TimedEcho : ITransportEvents, ITimerTarget
    {
        private readonly Transport _transport;
        private readonly ReactorTimer _timer;

        internal TimedEcho(Transport transport)
        {
            _transport = transport;
            _timer = new ReactorTimer(transport.Reactor, this);
            transport.Events = this;
            OnReadable();
        }

        public void OnReadable()
        {
            var buffer = _transport.Reactor.Buffers.Rent();
            while (_transport.Read(buffer) is { IsDone: true } read)
                _transport.Write(buffer.AsSpan(0, read.Count / 2), buffer.AsSpan(read.Count / 2, read.Count - (read.Count / 2)));
            _transport.Reactor.Buffers.Return(buffer);
            _timer.Arm(5000);
        }

        public void OnWritable()
        {
        }

        public void OnBroken(int errno) => _transport.Close();

        public void OnTimer() => _transport.Abort();
    }
}
