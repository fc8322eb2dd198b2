using System.Net.Sockets;
using System.Runtime.Versioning;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Tests.Transports;

[SupportedOSPlatform("linux")]
public sealed class ListenerTests : IDisposable
{
    private readonly ReactorGroup _group = ReactorGroup.StartNew(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("gatehouse-").FullName;

    public void Dispose()
    {
        _group.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("tcp6")]
    [InlineData("unix")]
    [InlineData("abstract")]
    public void A_second_listener_on_an_endpoint_fails_and_the_first_goes_on(string kind)
    {
        using var first = Listener.Start(_group.Reactors, EchoTests.Of(kind), Acceptor.Echo());
        var failure = Assert.Throws<SocketException>(() => Listener.Start(_group.Reactors, first.Endpoint, Acceptor.Echo()));
        Assert.Equal(SocketError.AddressAlreadyInUse, failure.SocketErrorCode);
        Assert.Contains("errno 98", failure.Message, StringComparison.Ordinal);
        using var client = Clients.Connect(first.Endpoint);
        client.Send("x"u8);
        Assert.Equal("x"u8.ToArray(), client.ReadExactly(1));
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("unix")]
    public void An_endpoint_is_free_when_its_listener_is_disposed_of(string kind)
    {
        var endpoint = EchoTests.Of(kind);
        for (var i = 0; i < 20; i++)
        {
            using var listener = Listener.Start(_group.Reactors, endpoint, Acceptor.Echo());
            endpoint = listener.Endpoint;
            using var client = Clients.Connect(endpoint);
            client.Send("x"u8);
            Assert.Equal("x"u8.ToArray(), client.ReadExactly(1));
        }
    }

    [Fact]
    public void Connections_live_on_when_their_listener_is_disposed_of()
    {
        var listener = Listener.Start(_group.Reactors, Acceptor.Loopback, Acceptor.Echo());
        using var client = Clients.Connect(listener.Endpoint);
        client.Send("x"u8);
        client.ReadExactly(1);
        listener.Dispose();
        listener.Dispose();
        client.Send("y"u8);
        Assert.Equal("y"u8.ToArray(), client.ReadExactly(1));
        Assert.Throws<SocketException>(() => Clients.Connect(listener.Endpoint));
    }

    [Fact]
    public async Task Connections_that_wait_in_the_queue_are_accepted_before_a_listener_stops()
    {
        var acceptor = Acceptor.Echo();
        var listener = Listener.Start([_group.Reactors[0]], Acceptor.Loopback, acceptor);
        var clients = new List<Socket>();
        var held = new ManualResetEventSlim();
        var holding = _group.Reactors[0].On(() => held.Wait());
        for (var i = 0; i < 100; i++)
            clients.Add(Clients.Connect(listener.Endpoint));
        var stopping = Task.Run(listener.Dispose, TestContext.Current.CancellationToken);
        held.Set();
        await holding;
        await stopping;
        Assert.Equal(100, acceptor.Accepted);
        foreach (var client in clients)
        {
            client.Send("x"u8);
            Assert.Equal("x"u8.ToArray(), client.ReadExactly(1));
            client.Dispose();
        }
    }

    [Fact]
    public void Both_reactors_take_connections_of_one_port()
    {
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
        using var listener = Listener.Start(_group.Reactors, Acceptor.Loopback, new Acceptor(transport =>
        {
            seen.AddOrUpdate(transport.Reactor.Index, 1, (_, count) => count + 1);
            _ = new EchoConnection(transport);
        }));
        for (var i = 0; i < 100; i++)
        {
            using var client = Clients.Connect(listener.Endpoint);
            client.Send("x"u8);
            client.ReadExactly(1);
        }

        Assert.Equal(2, seen.Count);
        Assert.Equal(100, seen.Values.Sum());
    }

    [Fact]
    public void A_stale_socket_file_is_replaced_and_removed_at_the_end()
    {
        var path = Path.Combine(_folder, "s");
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            stale.Bind(new UnixDomainSocketEndPoint(path));
            stale.Listen();
            Assert.Equal(
                SocketError.AddressAlreadyInUse,
                Assert.Throws<SocketException>(() => Listener.Start(_group.Reactors, new Endpoint(path), Acceptor.Echo())).SocketErrorCode);

            // .NET removes the file when it closes the socket; a killed server does not.
            File.Move(path, path + "2");
        }

        File.Move(path + "2", path);
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        using (Listener.Start(_group.Reactors, new Endpoint(path), Acceptor.Echo(), new ListenerOptions { UnixMode = mode }))
        {
            Assert.Equal(mode, File.GetUnixFileMode(path));
            using var client = Clients.Connect(new Endpoint(path));
            client.Send("x"u8);
            client.ReadExactly(1);
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_file_that_is_no_socket_is_never_removed()
    {
        var path = Path.Combine(_folder, "precious");
        File.WriteAllText(path, "content");
        Assert.Throws<SocketException>(() => Listener.Start(_group.Reactors, new Endpoint(path), Acceptor.Echo()));
        Assert.Equal("content", File.ReadAllText(path));
    }

    [Fact]
    public void A_socket_file_that_another_server_has_put_in_the_place_is_not_removed()
    {
        var path = Path.Combine(_folder, "s");
        var first = Listener.Start(_group.Reactors, new Endpoint(path), Acceptor.Echo());
        File.Delete(path);
        using var second = Listener.Start(_group.Reactors, new Endpoint(path), Acceptor.Echo());
        first.Dispose();
        Assert.True(File.Exists(path));
        using var client = Clients.Connect(new Endpoint(path));
        client.Send("x"u8);
        client.ReadExactly(1);
    }

    [Fact]
    public void Deferred_connections_come_with_their_first_bytes()
    {
        var first = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var options = new ListenerOptions { DeferAccept = TimeSpan.FromSeconds(5) };
        using var listener = Listener.Start(_group.Reactors, Acceptor.Loopback, new Acceptor(transport =>
        {
            first.Enqueue(transport.Read(new byte[10]).ToString());
            transport.Close();
        }), options);
        for (var i = 0; i < 20; i++)
        {
            using var client = Clients.Connect(listener.Endpoint);
            client.Send("hello"u8);
            Assert.Equal(0, client.Receive(new byte[1]));
        }

        Assert.Equal(20, first.Count);
        Assert.All(first, result => Assert.Equal("5 bytes", result));
    }

    [Fact]
    public async Task A_failing_acceptor_loses_only_its_connection()
    {
        var calls = 0;
        using var listener = Listener.Start([_group.Reactors[0]], Acceptor.Loopback, new Acceptor(transport =>
        {
            if (calls++ == 0)
                throw new InvalidOperationException("as asked");
            _ = new EchoConnection(transport);
        }));
        using (var lost = Clients.Connect(listener.Endpoint))
            Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => lost.Receive(new byte[1])).SocketErrorCode);
        using var client = Clients.Connect(listener.Endpoint);
        client.Send("x"u8);
        client.ReadExactly(1);
        client.Dispose();
        Assert.Equal(1, _group.Reactors[0].CallbackFailures);
        for (var i = 0; i < 1000 && await _group.Reactors[0].On(() => _group.Reactors[0].SourceCount) > 1; i++)
            await Task.Delay(2, TestContext.Current.CancellationToken);
        Assert.Equal(1, await _group.Reactors[0].On(() => _group.Reactors[0].SourceCount));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("/tmp/123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890")]
    public void Paths_that_no_socket_can_have_are_refused(string path)
    {
        var failure = Assert.Throws<ArgumentException>(() => Listener.Start(_group.Reactors, new Endpoint(path), Acceptor.Echo()));
        Assert.Contains("1 to 107 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_another_machine_is_refused()
    {
        var failure = Assert.Throws<SocketException>(() => Listener.Start(_group.Reactors, new Endpoint(IpAddress.FromV4(0xC0000201), 0), Acceptor.Echo()));
        Assert.Equal(SocketError.AddressNotAvailable, failure.SocketErrorCode);
    }
}
