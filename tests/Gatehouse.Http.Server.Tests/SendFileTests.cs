using System.Text;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>Files as bodies: whole, in part, among other bytes, without a length, and shorter than was thought.</summary>
public sealed class SendFileTests
{
    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_file_is_sent_whole(string wire)
    {
        using var file = new TemporaryFile(5_000_000);
        using var server = new TestServer(wire, exchange =>
        {
            exchange.Response.ContentLength = file.Content.Length;
            return exchange.SendFileAsync(file.Handle, 0, file.Content.Length);
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.True(file.Content.AsSpan().SequenceEqual(client.ReadResponse().Body));
        Assert.Equal("5000000", client.ReadResponse(toHead: true)["Content-Length"]);
        Assert.True(file.Content.AsSpan().SequenceEqual(client.ReadResponse().Body));
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Parts_of_a_file_go_among_other_bytes(string wire)
    {
        using var file = new TemporaryFile(10_000);
        using var server = new TestServer(wire, async exchange =>
        {
            if (exchange.Path() == "/length")
                exchange.Response.ContentLength = 1 + 100 + 1 + 5000 + 0 + 1;
            await exchange.WriteText("<");
            await exchange.SendFileAsync(file.Handle, 17, 100);
            await exchange.WriteText("|");
            await exchange.SendFileAsync(file.Handle, 5000, 5000);
            await exchange.SendFileAsync(file.Handle, 1, 0);
            await exchange.WriteText(">");
        });
        byte[] expected = [(byte)'<', .. file.Content[17..117], (byte)'|', .. file.Content[5000..], (byte)'>'];
        var client = server.Connect();
        client.Send("GET /chunked HTTP/1.1\r\nHost: a\r\n\r\nGET /length HTTP/1.1\r\nHost: a\r\n\r\n");
        var chunked = client.ReadResponse();
        Assert.Equal("chunked", chunked["Transfer-Encoding"]);
        Assert.Equal(expected, chunked.Body);
        Assert.Equal(expected, client.ReadResponse().Body);
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_truncated_file_drops_the_connection(string wire)
    {
        using var file = new TemporaryFile(5000);
        using var server = new TestServer(wire, async exchange =>
        {
            if (exchange.Path() == "/length")
                exchange.Response.ContentLength = 9000;
            await exchange.SendFileAsync(file.Handle, 0, 9000);
        });
        foreach (var (target, version) in new[] { ("/length", "1.1"), ("/chunked", "1.1"), ("/close", "1.0") })
        {
            var client = server.Connect();
            client.Send($"GET {target} HTTP/{version}\r\nHost: a\r\n\r\nGET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
            // Where the end of the connection would be the end of the body, it must not be an orderly one.
            if (version == "1.0" && wire != "unix")
                Assert.Throws<System.Net.Sockets.SocketException>(() => client.ReadToEnd());
            else
                Assert.True(Encoding.Latin1.GetString(client.ReadToEnd(allowReset: true)).Split("HTTP/1.1 ").Length <= 2);
        }
        server.WaitForConnections(0);
    }

    [Fact]
    public void A_closed_file_is_a_failure()
    {
        using var file = new TemporaryFile(10);
        file.Handle.Dispose();
        using var server = new TestServer("tcp", exchange => exchange.SendFileAsync(file.Handle, 0, 10));
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        client.ReadToEnd(allowReset: true);
        server.WaitForConnections(0);
    }
}
