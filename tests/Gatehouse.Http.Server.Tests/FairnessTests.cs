using System.Text;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>A client that sends or takes as fast as the server works gets its share of each turn of the reactor, and the others theirs.</summary>
public sealed class FairnessTests
{
    private const int ReadShare = 300 * 1024;
    private const int WriteShare = 3 * 1024 * 1024;

    [Fact]
    public void Pipelined_requests_without_end() => Flood("", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", exchange => exchange.SendText("x"));

    [Fact]
    public void An_upload_without_end() => Flood("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000000\r\n\r\n", "data", ReadAll);

    [Fact]
    public void A_chunked_upload_without_end() => Flood("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\ndata\r\n", ReadAll);

    [Fact]
    public void An_upload_read_on_the_pool() => Flood(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000000\r\n\r\n",
        "data",
        async exchange =>
        {
            await Task.Yield();
            await ReadAll(exchange);
        });

    [Fact]
    public void Bytes_behind_a_refusal() => Flood("nonsense\r\n\r\n", "more", exchange => exchange.SendText("x"));

    [Fact]
    public void A_tunnel() => Flood(
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n",
        "data",
        async exchange =>
        {
            exchange.Response.Status = 101;
            var tunnel = await exchange.UpgradeAsync();
            var buffer = new byte[16 * 1024];
            while (true)
            {
                var count = tunnel.TryRead(buffer);
                if (count == 0)
                    return;
                if (count < 0)
                    await tunnel.WaitToReadAsync();
                else
                    await tunnel.WriteAsync(buffer.AsMemory(0, count));
            }
        });

    [Fact]
    public void A_file_that_is_taken_at_once()
    {
        using var file = new TemporaryFile(1);
        Flood(
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            async exchange =>
            {
                exchange.Response.ContentLength = 1L << 40;
                await exchange.SendFileAsync(file.Handle, 0, 1L << 40);
            });
    }

    [Fact]
    public void Writes_that_are_taken_at_once() => Flood(
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        async exchange =>
        {
            var part = new byte[50_000];
            while (!exchange.IsAborted)
                await exchange.WriteAsync(part);
        });

    private static async ValueTask ReadAll(Exchange exchange)
    {
        exchange.BodyLimit = long.MaxValue;
        var buffer = new byte[8192];
        while (await exchange.ReadAsync(buffer) > 0)
        {
        }
    }

    private static void Flood(string start, string cycle, Func<Exchange, ValueTask> handle)
    {
        using var server = new TestServer("memory", handle);
        var flood = new FloodTransport(server.Reactor, Encoding.ASCII.GetBytes(start), Encoding.ASCII.GetBytes(cycle));
        // One turn takes its share and ends.
        var (read, written) = server.OnReactor(() =>
        {
            server.Http.Accept(flood);
            return (flood.BytesRead, flood.BytesWritten);
        });
        Assert.True(read <= ReadShare, $"One connection received {read} bytes in one turn.");
        Assert.True(written <= WriteShare, $"One connection sent {written} bytes in one turn.");
        // It goes on, and others are served meanwhile.
        Eventually.True(() => flood.BytesRead > 10 * ReadShare || flood.BytesWritten > 10 * WriteShare, "the flood to go on");
        for (var i = 0; i < 10; i++)
            Assert.True(server.OnReactor(() => true));
        flood.Ends = true;
        server.OnReactor(() =>
        {
            flood.Events!.OnReadable();
            if (!flood.IsClosed && flood.BytesWritten > WriteShare)
                flood.Events.OnBroken(32);
            return true;
        });
        server.WaitForConnections(0);
    }
}
