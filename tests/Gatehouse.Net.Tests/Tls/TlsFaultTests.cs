using System.Net.Sockets;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Tests.Tls;

/// <summary>Clients that break off, dawdle, or send what is no TLS, at a server on a socket.</summary>
public sealed class TlsFaultTests : IDisposable
{
    private readonly TlsLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    public async Task A_truncated_hello_ends_the_connection(int length)
    {
        var (acceptor, client) = Listen();
        client.Send(Hello().AsSpan(0, length));
        client.Shutdown(SocketShutdown.Send);
        await Ended(client, acceptor, "TLS handshake: the client ended the connection");
    }

    [Fact]
    public async Task A_hello_that_comes_byte_by_byte_is_taken()
    {
        var (acceptor, client) = Listen();
        foreach (var letter in Hello())
        {
            client.Send([letter]);
            await Task.Yield();
        }

        Assert.Equal(22, client.ReadExactly(1)[0]);
        client.Close();
        await Over(acceptor);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public async Task A_slow_handshake_ends_when_its_time_is_over(int length)
    {
        var (acceptor, client) = Listen(options => options with { HandshakeTime = TimeSpan.FromMilliseconds(150) });
        client.Send(Hello().AsSpan(0, length));
        await Ended(client, acceptor, "TLS handshake: it was not over within 0.15 s");
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "TLS handshake: ")]
    [InlineData("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", "TLS handshake: http request")]
    [InlineData("\u0016\u0003\u0001\u0000\u0005hello-hello-hello", "TLS handshake: ")]
    [InlineData("\u0015\u0003\u0001\u0000\u0002\u0002\u0028", "TLS handshake: ")]
    public async Task What_is_no_TLS_is_refused(string text, string reason)
    {
        var (acceptor, client) = Listen();
        client.Send(System.Text.Encoding.Latin1.GetBytes(text));
        await Ended(client, acceptor, reason);
    }

    [Fact]
    public async Task A_client_that_speaks_HTTP_without_TLS_is_told_so()
    {
        var (acceptor, client) = Listen(options => options with { PlainHttpAnswer = "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray() });
        client.Send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"u8);

        // The alert of TLS comes first, in a record that such a client cannot read.
        var answer = await Ended(client, acceptor, "http request");
        Assert.EndsWith("HTTP/1.1 400 Bad Request\r\n\r\n", System.Text.Encoding.Latin1.GetString(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_after_the_handshake_breaks_the_connection()
    {
        var (one, other) = MemoryTransport.Pair(_lab.Group.Reactors[0], _lab.Group.Reactors[1]);
        var accepted = new TaskCompletionSource<TlsEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        var acceptor = new TlsAcceptor(_lab.Server(), new Acceptor(transport => accepted.SetResult(new TlsEnd(transport))), _lab);
        await other.Reactor.On(() => acceptor.Accept(other));
        var client = await _lab.Begin(one, "a.test");
        await client.Seen.Saw("writable");
        var server = await accepted.Task.WaitAsync(ReactorExtensions.Limit);
        var received = server.Receive();
        await one.Reactor.On(() => one.Write("\u0017\u0003\u0003\u0000\u0020this record was sealed by nobody"u8));
        var fault = await Assert.ThrowsAsync<IOException>(() => received);
        Assert.Contains("errno 71: decryption failed or bad record mac", fault.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.Protocol, await server.On(transport => transport.Write("x"u8).Errno));
    }

    [Fact]
    public async Task A_client_that_stops_reading_in_the_middle_of_a_record_holds_up_only_itself()
    {
        var server = _lab.Server();
        var accepted = new TaskCompletionSource<TlsEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        var (one, other) = MemoryTransport.Pair(_lab.Group.Reactors[0], _lab.Group.Reactors[1], 20_000);
        var acceptor = new TlsAcceptor(server, new Acceptor(transport => accepted.SetResult(new TlsEnd(transport))), _lab);
        await other.Reactor.On(() => acceptor.Accept(other));
        var client = await _lab.Begin(one, "a.test");
        await client.Seen.Saw("writable");
        var end = await accepted.Task.WaitAsync(ReactorExtensions.Limit);
        var sending = end.Send(Clients.Random(100_000));
        var neighbours = await _lab.Connect("tcp", server);
        var received = neighbours[0].Receive(5);
        await neighbours[1].Send("hello"u8.ToArray());
        await received;
        Assert.False(sending.IsCompleted);

        // It closes in the middle of the record that waits.
        await end.On(transport => transport.Close());
        Assert.True(end.Transport.IsClosed);
        await Assert.ThrowsAsync<IOException>(() => client.Receive(100_000));
    }

    [Fact]
    public async Task Handshakes_beyond_the_limit_are_refused()
    {
        var (acceptor, first) = Listen(options => options with { MaxHandshakes = 1 }, out var endpoint);
        SpinWait.SpinUntil(() => acceptor.Handshakes == 1, ReactorExtensions.Limit);
        using var second = Clients.Connect(endpoint);
        await Failed("1 handshakes are under way, which is the limit");
        first.Close();
        await Over(acceptor);
    }

    private (TlsAcceptor Acceptor, Socket Client) Listen(Func<TlsServerOptions, TlsServerOptions>? change = null) => Listen(change, out _);

    private (TlsAcceptor Acceptor, Socket Client) Listen(Func<TlsServerOptions, TlsServerOptions>? change, out Gatehouse.Protocols.Addresses.Endpoint endpoint)
    {
        var acceptor = new TlsAcceptor(_lab.Server(change), new Acceptor(_ => Assert.Fail("accepted")), _lab);
        endpoint = _lab.Listen(acceptor).Endpoint;
        return (acceptor, Clients.Connect(endpoint));
    }

    private async Task<byte[]> Ended(Socket client, TlsAcceptor acceptor, string reason)
    {
        await Failed(reason);
        var all = new List<byte>();
        var buffer = new byte[1000];
        try
        {
            while (client.Receive(buffer) is var count and > 0)
                all.AddRange(buffer.AsSpan(0, count));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
        }

        client.Close();
        await Over(acceptor);
        return [.. all];
    }

    private async Task Failed(string reason)
    {
        var end = DateTime.UtcNow + ReactorExtensions.Limit;
        while (!_lab.Failures.Any(failure => failure.Contains(reason, StringComparison.Ordinal)))
        {
            Assert.True(DateTime.UtcNow < end, $"Expected a failure with '{reason}'; found: {string.Join("; ", _lab.Failures)}");
            await Task.Delay(5);
        }
    }

    private async Task Over(TlsAcceptor acceptor)
    {
        Assert.True(SpinWait.SpinUntil(() => acceptor.Handshakes == 0, ReactorExtensions.Limit));
        foreach (var reactor in _lab.Group.Reactors)
            Assert.InRange(await reactor.On(() => reactor.SourceCount), 0, 1);
    }

    // The first flight of a client, as it went over the wire.
    private static byte[] Hello()
    {
        using var reactors = Gatehouse.Net.Reactors.ReactorGroup.StartNew(1);
        var reactor = reactors.Reactors[0];
        var (one, other) = MemoryTransport.Pair(reactor, reactor);
        var seen = new Recorder();
        TlsTransport.Connect(one, TlsClient.Default, "a.test", seen);
        other.Events = new Recorder();
        var hello = new byte[4096];
        var length = 0;
        for (var i = 0; i < 100 && length == 0; i++)
            length = reactor.On(() => other.Read(hello).Count).GetAwaiter().GetResult();
        return hello[..length];
    }
}
