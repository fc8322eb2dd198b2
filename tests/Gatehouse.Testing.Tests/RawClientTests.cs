using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Testing.Tests;

/// <summary>The raw client against a scripted peer: framing, ends, and waits that end.</summary>
public sealed class RawClientTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public RawClientTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, "hello")]
    [InlineData("HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", false, "hello")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nhello", false, "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true, "")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false, "")]
    [InlineData("HTTP/1.1 204\r\n\r\n", false, "")]
    public void Frames_a_response_as_RFC_9112_does(string wire, bool toHead, string body)
    {
        using var client = Play(wire);
        Assert.Equal(body, client.ReadResponse(toHead).Text);
        Assert.True(client.IsAtEnd());
    }

    [Fact]
    public void Gives_each_of_several_responses_and_their_trailers()
    {
        using var client = Play(
            "HTTP/1.1 100 Continue\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nA: 1\r\na: 2\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nSum: 7\r\n\r\n"
            + "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(100, client.ReadResponse().Status);
        var response = client.ReadResponse();
        Assert.Equal("1, 2", response["a"]);
        Assert.Equal(new("Sum", "7"), Assert.Single(response.Trailers));
        var last = client.ReadResponse();
        Assert.Equal((404, "Not Found", ""), (last.Status, last.Reason, last.Text));
    }

    [Theory]
    [InlineData("HTTP/2 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\n\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    public void Refuses_what_is_no_response(string wire)
    {
        using var client = Play(wire);
        Assert.Throws<FormatException>(() => client.ReadResponse());
    }

    [Fact]
    public void Says_what_had_come_when_the_peer_ends_or_waits()
    {
        using var ended = Play("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel");
        Assert.Contains("hel", Assert.Throws<EndOfStreamException>(() => ended.ReadResponse()).Message, StringComparison.Ordinal);

        using var waiting = RawClient.Connect(Port);
        using var peer = _listener.AcceptSocket();
        waiting.Timeout = TimeSpan.FromMilliseconds(50);
        peer.Send("HTTP"u8);
        Assert.Contains("HTTP", Assert.Throws<TimeoutException>(() => waiting.ReadResponse()).Message, StringComparison.Ordinal);
        Assert.Equal("HTTP"u8, waiting.ReadFor(TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public void Sends_pieces_and_half_closes()
    {
        using var client = RawClient.Connect(Port);
        using var peer = _listener.AcceptSocket();
        client.Send(Splits.ByteByByte("hello"u8));
        client.HalfClose();
        var received = new byte[16];
        var count = 0;
        while (peer.Receive(received.AsSpan(count)) is > 0 and var more) count += more;
        Assert.Equal("hello", Encoding.ASCII.GetString(received, 0, count));
        peer.Send("bye"u8);
        Assert.Equal("bye"u8, client.Read(3));
    }

    [Fact]
    public void Resets()
    {
        using var client = RawClient.Connect(Port);
        using var peer = _listener.AcceptSocket();
        client.Reset();
        Assert.True(peer.Poll(TimeSpan.FromSeconds(5), SelectMode.SelectRead));
        Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => peer.Receive(new byte[1])).SocketErrorCode);
    }

    [Fact]
    public void A_refused_connection_is_a_fault_at_once()
    {
        var port = FreePort.Tcp();
        Assert.Throws<SocketException>(() => RawClient.Connect(port));
    }

    private RawClient Play(string wire)
    {
        var client = RawClient.Connect(Port);
        using var peer = _listener.AcceptSocket();
        peer.Send(Encoding.Latin1.GetBytes(wire));
        peer.Shutdown(SocketShutdown.Both);
        return client;
    }
}
