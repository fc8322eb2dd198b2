using System.Text;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Protocols;

namespace Gatehouse.Http.Client.Tests.Http1;

/// <summary>What a connection is after a 101 or a 2xx to CONNECT.</summary>
public sealed class TunnelTests
{
    [Theory]
    [MemberData(nameof(ConnectionLab.Kinds), MemberType = typeof(ConnectionLab))]
    public async Task Bytes_pass_both_ways_behind_a_switch(string kind)
    {
        await using var lab = new ConnectionLab(kind, async side =>
        {
            await side.ReadHeadAsync();
            // The first bytes of the new protocol come with the head.
            await side.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: upgrade\r\n\r\nhi ");
            await side.SendAsync((await side.ReadAsync(5)).ToUpperInvariant());
            Assert.Equal("", await side.ReadToEndAsync());
        });
        await lab.Reactor.RunAsync(async () =>
        {
            var connection = await lab.ConnectAsync();
            connection.Begin(Method.Get);
            connection.Output.Append("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n"u8);
            await connection.FlushAsync();
            await connection.ReadHeadAsync();
            Assert.True(connection.Response.IsTunnel);
            connection.Output.Append("hello"u8);
            await connection.FlushAsync();
            Assert.Equal("hi HELLO", await ReadAsync(connection, 8));
            connection.ShutdownWrite();
            Assert.Equal("", await ReadAsync(connection, 1));
            connection.Release();
            Assert.Equal(0, lab.Pool.Count);
        });
    }

    [Fact]
    public async Task Requests_go_through_a_tunnel_and_its_connection_is_kept()
    {
        await using var lab = new ConnectionLab("tcp", async side =>
        {
            Assert.StartsWith("CONNECT ", await side.ReadHeadAsync(), StringComparison.Ordinal);
            await side.SendAsync("HTTP/1.1 200 Established\r\nContent-Length: 10\r\n\r\n");
            for (var i = 0; i < 2; i++)
            {
                Assert.StartsWith("GET ", await side.ReadHeadAsync(), StringComparison.Ordinal);
                await side.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ninner");
            }
            await side.ReadToEndAsync();
        });
        await lab.Reactor.RunAsync(async () =>
        {
            var connection = await lab.ConnectAsync();
            connection.Begin(Method.Connect);
            connection.Output.Append("CONNECT b:80 HTTP/1.1\r\nHost: b:80\r\n\r\n"u8);
            await connection.FlushAsync();
            await connection.ReadHeadAsync();
            Assert.True(connection.Response.IsTunnel);
            Assert.Equal("inner", (await ConnectionLab.AskAsync(connection, "GET / HTTP/1.1\r\nHost: b\r\n\r\n")).Body);
        });
        Assert.Equal("inner", (await lab.AskAsync()).Body);
    }

    [Fact]
    public async Task Refused_tunnel_is_an_ordinary_response()
    {
        await using var lab = new ConnectionLab("tcp", async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\r\nauth");
            await side.ReadToEndAsync();
        });
        var answer = await lab.AskAsync("CONNECT b:80 HTTP/1.1\r\nHost: b:80\r\n\r\n", Method.Connect);
        Assert.Equal((407, "auth"), (answer.Status, answer.Body));
        Assert.Equal(1, await lab.Reactor.Run(() => lab.Pool.IdleCount));
    }

    private static async Task<string> ReadAsync(Http1ClientConnection connection, int count)
    {
        var text = new StringBuilder();
        var buffer = new byte[count];
        while (text.Length < count)
        {
            var read = connection.TryReadTunnel(buffer.AsSpan(0, count - text.Length));
            if (read == 0)
                break;
            if (read < 0)
                await connection.WaitForTunnelAsync();
            else
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        return text.ToString();
    }
}
