using System.Net.Sockets;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Tests.Transports;

public sealed class TransportStreamTests : IDisposable
{
    private static readonly TimeSpan Limit = ReactorExtensions.Limit;
    private readonly ReactorGroup _group = ReactorGroup.StartNew(2);

    public void Dispose() => _group.Dispose();

    [Theory]
    [InlineData("tcp", false)]
    [InlineData("tcp", true)]
    [InlineData("unix", false)]
    public async Task A_client_and_a_server_of_our_own_echo_from_any_thread(string kind, bool onThreadPool)
    {
        var wrongThread = 0;
        using var server = Echo(kind, onThreadPool, () => wrongThread += (Reactor.Current is null) == onThreadPool ? 0 : 1);
        var clients = Enumerable.Range(0, 8).Select(async number =>
        {
            await using var stream = await NetClient.ConnectAsync(server.Endpoint, reactor: _group.Reactors[number % 2]);
            var sent = Clients.Random(300_000, number);
            var writing = Task.Run(async () =>
            {
                await stream.WriteAsync(sent);
                stream.ShutdownWrite();
            });
            var received = new MemoryStream();
            await stream.CopyToAsync(received);
            await writing;
            Assert.Null(Reactor.Current);
            Assert.Equal(sent, received.ToArray());
        });
        await Task.WhenAll(clients).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(0, wrongThread);
        Assert.True(SpinWait.SpinUntil(() => server.ConnectionCount == 0, Limit));
    }

    [Fact]
    public async Task A_read_that_waits_too_long_names_its_limit_and_the_stream_goes_on()
    {
        using var server = Echo("tcp");
        await using var stream = await Connect(server.Endpoint);
        stream.ReadTimeout = 50;
        var failure = await Assert.ThrowsAsync<TimeoutException>(async () => await stream.ReadAsync(new byte[10]));
        Assert.Contains("read time-out of 50 ms", failure.Message, StringComparison.Ordinal);
        stream.ReadTimeout = 10_000;
        await stream.WriteAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(5, await stream.ReadAsync(new byte[10], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_write_that_nobody_takes_names_its_limit()
    {
        using var server = NetServer.Start(Acceptor.Loopback, _ => Task.Delay(Timeout.Infinite), new NetServerOptions { Reactors = _group });
        await using var stream = await Connect(server.Endpoint);
        stream.WriteTimeout = 50;
        var failure = await Assert.ThrowsAsync<TimeoutException>(async () => await stream.WriteAsync(new byte[30_000_000]));
        Assert.Contains("write time-out of 50 ms", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_only_the_operation_that_it_was_given_to()
    {
        using var server = Echo("tcp");
        await using var stream = await Connect(server.Endpoint);
        for (var i = 0; i < 50; i++)
        {
            using var cancellation = new CancellationTokenSource(i % 5);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.ReadAsync(new byte[10], cancellation.Token));
            await stream.WriteAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
            Assert.Equal(1, await stream.ReadAsync(new byte[10], TestContext.Current.CancellationToken));
        }

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.WriteAsync(new byte[10], cancelled.Token));
    }

    [Fact]
    public async Task A_second_read_at_a_time_is_refused()
    {
        using var server = Echo("tcp");
        await using var stream = await Connect(server.Endpoint);
        var first = stream.ReadAsync(new byte[10], TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await stream.ReadAsync(new byte[10]));
        await stream.WriteAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task Closing_ends_what_is_under_way()
    {
        using var server = Echo("tcp");
        var stream = await Connect(server.Endpoint);
        var reading = stream.ReadAsync(new byte[10], TestContext.Current.CancellationToken).AsTask();
        await Task.Delay(20, TestContext.Current.CancellationToken);
        await stream.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading.WaitAsync(Limit));
        await Assert.ThrowsAsync<IOException>(async () => await stream.ReadAsync(new byte[10]));
    }

    [Fact]
    public async Task A_reset_is_an_error_with_its_socket_error_inside()
    {
        using var server = NetServer.Start(
            Acceptor.Loopback,
            async stream =>
            {
                await stream.ReadAsync(new byte[1]);
                stream.Abort();
            },
            new NetServerOptions { Reactors = _group });
        await using var client = await Connect(server.Endpoint);
        await client.WriteAsync("x"u8.ToArray());
        var failure = await Assert.ThrowsAsync<IOException>(async () => await client.ReadAsync(new byte[10]));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task Blocking_calls_work_elsewhere_and_are_refused_where_they_would_hold_the_reactor()
    {
        using var server = Echo("tcp");
        await using var stream = await Connect(server.Endpoint);
        await Task.Run(
            () =>
            {
                stream.Write("hello"u8);
                Assert.Equal(5, stream.Read(new byte[10], 0, 10));
            },
            TestContext.Current.CancellationToken);
        await stream.Transport.Reactor.On(() =>
        {
            Assert.Throws<InvalidOperationException>(() => stream.Read(new byte[10], 0, 10));
            stream.Write("x"u8);
        });
    }

    [Fact]
    public async Task Connecting_fails_with_the_reason()
    {
        // Bound and not listening: the port is nobody else's meanwhile.
        using var holder = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var gone = Endpoint.Parse(holder.LocalEndPoint!.ToString()!);
        var failure = await Assert.ThrowsAsync<IOException>(() => Connect(gone));
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NetClient.ConnectAsync(gone, cancellation: cancelled.Token));
    }

    [Fact]
    public async Task Connecting_has_a_time_limit()
    {
        // A listener that accepts nothing, with its queue full: the kernel answers no further SYN.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        silent.Listen(0);
        var endpoint = new Endpoint(IpAddress.FromV4(0x7F000001), (ushort)((System.Net.IPEndPoint)silent.LocalEndPoint!).Port);
        using var filling = Clients.Connect(endpoint);
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => NetClient.ConnectAsync(endpoint, TimeSpan.FromMilliseconds(100), _group.Reactors[0]));
        Assert.Contains("connect time-out of 100 ms", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_bounds_its_connections_and_reports_what_fails()
    {
        var failed = new TaskCompletionSource<Exception>();
        using var server = NetServer.Start(
            Acceptor.Loopback,
            async stream =>
            {
                if (await stream.ReadAsync(new byte[1]) > 0)
                    throw new InvalidOperationException("as asked");
            },
            new NetServerOptions { Reactors = _group, MaxConnections = 1, ConnectionFailed = (_, exception) => failed.TrySetResult(exception) });
        await using var first = await Connect(server.Endpoint);
        Assert.True(SpinWait.SpinUntil(() => server.ConnectionCount == 1, Limit));
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await using var second = await Connect(server.Endpoint);
            await second.ReadAsync(new byte[1]);
        });
        await first.WriteAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("as asked", (await failed.Task.WaitAsync(Limit, TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public async Task A_reactor_that_ends_ends_its_streams()
    {
        using var server = Echo("tcp");
        var reactor = new Reactor(0);
        reactor.Start();
        var stream = await NetClient.ConnectAsync(server.Endpoint, reactor: reactor, cancellation: TestContext.Current.CancellationToken);
        var reading = stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();
        await Task.Delay(20, TestContext.Current.CancellationToken);
        reactor.Dispose();
        await Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(Limit));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.WriteAsync(new byte[1]));
    }

    private Task<TransportStream> Connect(Endpoint endpoint) => NetClient.ConnectAsync(endpoint, reactor: _group.Reactors[0]);

    private NetServer Echo(string kind, bool onThreadPool = false, Action? each = null) => NetServer.Start(
        EchoTests.Of(kind),
        async stream =>
        {
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer) is var count and > 0)
            {
                each?.Invoke();
                await stream.WriteAsync(buffer.AsMemory(0, count));
            }
        },
        new NetServerOptions { Reactors = _group, OnThreadPool = onThreadPool });
}
