using System.Net.Sockets;
using System.Text;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Tests.Transports;

public sealed class UdpSocketTests : IDisposable
{
    private readonly Reactor _reactor = new(0);

    public UdpSocketTests() => _reactor.Start();

    public void Dispose() => _reactor.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Datagrams_go_there_and_back_by_async_methods(bool v6)
    {
        using var server = UdpSocket.Bind(_reactor, v6 ? Acceptor.LoopbackV6 : Acceptor.Loopback);
        using var client = UdpSocket.Connect(_reactor, server.LocalEndpoint);
        var echo = Task.Run(async () =>
        {
            var buffer = new byte[2000];
            for (var i = 0; i < 200; i++)
            {
                var received = await server.ReceiveAsync(buffer);
                await server.SendAsync(buffer.AsMemory(0, received.Count), received.Peer);
            }
        });
        for (var i = 0; i < 200; i++)
        {
            var sent = Clients.Random(i * 5, i);
            await client.SendAsync(sent, cancellation: TestContext.Current.CancellationToken);
            var buffer = new byte[2000];
            var received = await client.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.Equal(sent, buffer[..received.Count]);
            Assert.False(received.IsTruncated);
            Assert.Equal(server.LocalEndpoint, received.Peer);
        }

        await echo.WaitAsync(ReactorExtensions.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_batch_is_sent_and_received_in_one_call_with_edges_in_between()
    {
        using var server = UdpSocket.Bind(_reactor, Acceptor.Loopback, new UdpOptions { ReceiveBuffer = 1 << 20 });
        using var client = UdpSocket.Bind(_reactor, Acceptor.Loopback);
        using var incoming = new UdpBatch(32, 1500);
        using var outgoing = new UdpBatch(64, 1500);
        var got = new List<string>();
        var all = new TaskCompletionSource();
        await _reactor.On(() =>
        {
            server.Events = new OnReadable(() =>
            {
                while (server.Receive(incoming) is { IsDone: true })
                {
                    for (var i = 0; i < incoming.Count; i++)
                    {
                        Assert.Equal(client.LocalEndpoint, incoming.Peer(i));
                        got.Add(Encoding.ASCII.GetString(incoming.Data(i)));
                    }
                }

                if (got.Count == 64)
                    all.TrySetResult();
            });
            Assert.True(server.Receive(incoming).IsWouldBlock);
            for (var i = 0; i < 64; i++)
                Assert.True(outgoing.TryAdd(Encoding.ASCII.GetBytes($"datagram {i}"), server.LocalEndpoint));
            Assert.False(outgoing.TryAdd("one too many"u8, server.LocalEndpoint));
            Assert.Equal(60, client.Send(outgoing, 4).Count);
            outgoing.Clear();
            for (var i = 0; i < 4; i++)
                outgoing.TryAdd(Encoding.ASCII.GetBytes($"datagram {i}"), server.LocalEndpoint);
            Assert.Equal(4, client.Send(outgoing).Count);
            Assert.Equal(0, client.Send(outgoing, 4).Count);
        });
        await all.Task.WaitAsync(ReactorExtensions.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => $"datagram {i}").Order(), got.Order());
        Assert.Equal(0, _reactor.CallbackFailures);
    }

    [Fact]
    public async Task A_datagram_that_is_too_long_for_the_buffer_is_cut_and_says_so()
    {
        using var server = UdpSocket.Bind(_reactor, Acceptor.Loopback);
        using var client = UdpSocket.Connect(_reactor, server.LocalEndpoint);
        using var batch = new UdpBatch(2, 5);
        await _reactor.On(() =>
        {
            client.Send("0123456789"u8);
            client.Send("01234"u8);
            client.Send("0123456789"u8);
            client.Send([]);
            Assert.Equal(2, server.Receive(batch).Count);
            Assert.Equal((true, false), (batch.IsTruncated(0), batch.IsTruncated(1)));
            Assert.True(batch.Data(0).SequenceEqual("01234"u8));
            Assert.Equal(4, server.Receive(new byte[4], out _, out var isTruncated).Count);
            Assert.True(isTruncated);
            Assert.Equal(IoResult.Done(0), server.Receive(new byte[4], out _, out isTruncated));
            Assert.False(isTruncated);
            Assert.True(server.Receive(new byte[4], out _, out _).IsWouldBlock);
            Assert.Throws<ArgumentException>(() => batch.TryAdd("012345"u8));
            Assert.Equal(Errno.MessageTooLong, client.Send(new byte[65_528]).Errno);
        });
    }

    [Fact]
    public async Task Time_outs_and_cancellation_name_themselves_and_the_socket_goes_on()
    {
        using var server = UdpSocket.Bind(_reactor, Acceptor.Loopback);
        using var client = UdpSocket.Connect(_reactor, server.LocalEndpoint);
        server.ReceiveTimeout = 50;
        var failure = await Assert.ThrowsAsync<TimeoutException>(async () => await server.ReceiveAsync(new byte[10]));
        Assert.Contains("receive time-out of 50 ms", failure.Message, StringComparison.Ordinal);
        using var cancellation = new CancellationTokenSource(10);
        server.ReceiveTimeout = 10_000;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await server.ReceiveAsync(new byte[10], cancellation.Token));
        await client.SendAsync("x"u8.ToArray(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(1, (await server.ReceiveAsync(new byte[10], TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task Nobody_at_the_peer_is_told_and_does_not_break_the_socket()
    {
        var server = UdpSocket.Bind(_reactor, Acceptor.Loopback);
        using var client = UdpSocket.Connect(_reactor, server.LocalEndpoint);
        server.Dispose();
        await _reactor.On(() => { });
        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync("x"u8.ToArray(), cancellation: TestContext.Current.CancellationToken);
            var failure = await Assert.ThrowsAsync<SocketException>(async () => await client.ReceiveAsync(new byte[10]));
            Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);
        }
    }

    [Fact]
    public async Task Closing_ends_what_is_under_way()
    {
        var socket = UdpSocket.Bind(_reactor, Acceptor.Loopback);
        var receiving = socket.ReceiveAsync(new byte[10], TestContext.Current.CancellationToken).AsTask();
        await Task.Delay(20, TestContext.Current.CancellationToken);
        socket.Dispose();
        socket.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receiving.WaitAsync(ReactorExtensions.Limit));
        await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[10]));
    }

    [Fact]
    public void A_port_is_bound_once_unless_it_is_shared()
    {
        using var first = UdpSocket.Bind(_reactor, Acceptor.Loopback);
        Assert.Equal(SocketError.AddressAlreadyInUse, Assert.Throws<SocketException>(() => UdpSocket.Bind(_reactor, first.LocalEndpoint)).SocketErrorCode);
        using var shared = UdpSocket.Bind(_reactor, Acceptor.Loopback, new UdpOptions { ReusePort = true });
        using var sharer = UdpSocket.Bind(_reactor, shared.LocalEndpoint, new UdpOptions { ReusePort = true });
        Assert.Equal(shared.LocalEndpoint, sharer.LocalEndpoint);
    }

    private sealed class OnReadable(Action action) : IUdpEvents
    {
        void IUdpEvents.OnReadable() => action();
    }
}
