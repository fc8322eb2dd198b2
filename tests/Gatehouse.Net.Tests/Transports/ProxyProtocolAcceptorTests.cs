using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.ProxyProtocol;

namespace Gatehouse.Net.Tests.Transports;

public sealed class ProxyProtocolAcceptorTests : IDisposable
{
    private static readonly Endpoint Client = Endpoint.Parse("192.0.2.1:56324");
    private static readonly Endpoint Front = Endpoint.Parse("198.51.100.2:443");
    private readonly TlsLab _lab = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly TaskCompletionSource<TlsEnd> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _wait = 10_000;

    public void Dispose() => _lab.Dispose();

    public static TheoryData<int, bool> Headers => new() { { 1, false }, { 1, true }, { 2, false }, { 2, true } };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task A_trusted_proxy_names_the_client_and_what_follows_is_left(int version, bool isSplit)
    {
        using var client = Connect("127.0.0.0/8", "tcp");
        byte[] header = version == 1 ? ProxyHeaderWriter.Version1(Client, Front) : ProxyHeaderWriter.Version2(Client, Front);
        if (isSplit)
        {
            foreach (var letter in header)
            {
                client.Send([letter]);
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
        }

        client.Send([.. isSplit ? [] : header, .. "after it"u8]);
        var server = await _accepted.Task.WaitAsync(ReactorExtensions.Limit);
        Assert.Equal("after it"u8.ToArray(), await server.Receive(8));
        Assert.Equal((Client, Front), await server.On(transport => (transport.RemoteEndpoint, transport.LocalEndpoint)));
    }

    [Fact]
    public async Task TLS_follows_a_header()
    {
        var (one, other) = MemoryTransport.Pair(_lab.Group.Reactors[0], _lab.Group.Reactors[1]);
        var acceptor = new ProxyProtocolAcceptor(
            new Gatehouse.Net.Tls.TlsAcceptor(_lab.Server(), Taking(), _lab), [], TimeSpan.FromSeconds(5), (_, reason) => _failures.Enqueue(reason));
        await other.Reactor.On(() => acceptor.Accept(other));
        await one.Reactor.On(() => one.Write(ProxyHeaderWriter.Version2(Client, Front)));
        var client = await _lab.Begin(one, "a.test");
        await client.Seen.Saw("writable");
        var server = await _accepted.Task.WaitAsync(ReactorExtensions.Limit);
        Assert.Equal(Client, server.Transport.RemoteEndpoint);
    }

    [Fact]
    public async Task Nobody_else_is_believed()
    {
        using var client = Connect("192.0.2.0/24", "tcp");
        client.Send(ProxyHeaderWriter.Version1(Client, Front));
        var server = await _accepted.Task.WaitAsync(ReactorExtensions.Limit);
        Assert.StartsWith("PROXY TCP4", Encoding.ASCII.GetString(await server.Receive(20)), StringComparison.Ordinal);
        Assert.Equal(IpAddress.FromV4(0x7F000001), server.Transport.RemoteEndpoint.Address);
    }

    [Fact]
    public async Task The_peer_of_a_Unix_socket_is_believed()
    {
        using var client = Connect("192.0.2.0/24", "unix");
        client.Send(ProxyHeaderWriter.Version1(Client, Front));
        var server = await _accepted.Task.WaitAsync(ReactorExtensions.Limit);
        Assert.Equal(Client, server.Transport.RemoteEndpoint);
    }

    [Fact]
    public async Task A_proxy_that_speaks_for_itself_is_the_client()
    {
        using var client = Connect("127.0.0.0/8", "tcp");
        client.Send([.. "PROXY UNKNOWN\r\n"u8, .. "x"u8]);
        var server = await _accepted.Task.WaitAsync(ReactorExtensions.Limit);
        Assert.Equal(IpAddress.FromV4(0x7F000001), server.Transport.RemoteEndpoint.Address);
        Assert.Equal("x"u8.ToArray(), await server.Receive(1));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", false, "PROXY header: expected a PROXY header, found something else")]
    [InlineData("PROXY TCP4 x\r\n", false, "PROXY header: expected 'PROXY TCP4|TCP6 SOURCE DESTINATION PORT PORT', found 'PROXY TCP4 x'")]
    [InlineData("PROXY TC", false, "PROXY header: its PROXY header did not arrive within 0.2 s")]
    [InlineData("", true, "PROXY header: the connection ended before its PROXY header")]
    public async Task A_connection_without_a_good_header_is_ended(string text, bool ends, string reason)
    {
        _wait = 200;
        using var client = Connect("127.0.0.0/8", "tcp");
        client.Send(Encoding.ASCII.GetBytes(text));
        if (ends)
            client.Shutdown(SocketShutdown.Send);
        var end = DateTime.UtcNow + ReactorExtensions.Limit;
        while (_failures.IsEmpty && DateTime.UtcNow < end)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.Equal([reason], _failures);
        Assert.False(_accepted.Task.IsCompleted);
    }

    private Acceptor Taking() => new(transport => _accepted.SetResult(new TlsEnd(transport)));

    private Socket Connect(string trust, string kind)
    {
        var acceptor = new ProxyProtocolAcceptor(
            Taking(), [IpPrefix.Parse(trust)], TimeSpan.FromMilliseconds(_wait), (_, reason) => _failures.Enqueue(reason));
        return Clients.Connect(_lab.Listen(acceptor, kind).Endpoint);
    }
}
