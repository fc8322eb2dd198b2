using System.Text;
using Gatehouse.Http.Client.Tests.Support;

namespace Gatehouse.Http.Client.Tests.Requests;

/// <summary>A switch of protocols gives the connection to the caller as a stream.</summary>
public sealed class UpgradeTests
{
    private static ClientRequest Upgrade(ScriptedServer server) => new ClientRequest(server.Url()).With("Connection", "upgrade").With("Upgrade", "echo");

    [Fact]
    public async Task Tunnel_is_a_stream_both_ways()
    {
        var ended = new TaskCompletionSource();
        await using var server = ScriptedServer.Start(async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: upgrade\r\n\r\nhi ");
            await side.SendAsync((await side.ReadAsync(5)).ToUpperInvariant());
            await side.ReadToEndAsync();
            ended.SetResult();
        });
        using var requester = new HttpRequester();
        using (var response = await requester.SendAsync(Upgrade(server)))
        {
            Assert.Equal(101, response.Status);
            await response.Tunnel!.WriteAsync("hello"u8.ToArray());
            var buffer = new byte[8];
            await response.Tunnel.ReadExactlyAsync(buffer);
            Assert.Equal("hi HELLO", Encoding.ASCII.GetString(buffer));

            using var stop = new CancellationTokenSource(100);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await response.Tunnel.ReadAsync(buffer, stop.Token));
        }
        await ended.Task.WaitAsync(ReactorExtensions.Limit);
    }

    [Fact]
    public async Task Silent_tunnel_times_out()
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: upgrade\r\n\r\n");
            await side.ReadToEndAsync();
        });
        using var requester = new HttpRequester();
        using var response = await requester.SendAsync(Upgrade(server));
        response.Tunnel!.ReadTimeout = 100;
        var exception = await Assert.ThrowsAsync<IOException>(async () => await response.Tunnel.ReadAsync(new byte[1]));
        Assert.Contains("sent nothing through the tunnel for 100 ms", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switch_that_was_not_asked_for_is_a_bad_response()
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: evil\r\nConnection: upgrade\r\n\r\n");
        });
        using var requester = new HttpRequester();
        Assert.Equal(ClientFault.BadResponse, (await Assert.ThrowsAsync<ClientException>(() => requester.GetAsync(server.Url()))).Fault);
    }
}
