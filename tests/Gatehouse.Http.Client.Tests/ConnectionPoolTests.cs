using Gatehouse.Http.Client.Http1;
using Gatehouse.Http.Client.Tests.Support;

namespace Gatehouse.Http.Client.Tests;

/// <summary>Who gets which connection, and how many there are.</summary>
public sealed class ConnectionPoolTests
{
    private static async Task ServeAsync(ServerSide side)
    {
        try
        {
            while (true)
            {
                await side.ReadHeadAsync();
                await side.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        }
        catch (EndOfStreamException)
        {
            // The client closed.
        }
        catch (IOException)
        {
            // The client reset.
        }
    }

    [Fact]
    public async Task Last_that_came_back_is_first_to_go_out()
    {
        await using var lab = new ConnectionLab("memory", ServeAsync);
        await lab.Reactor.RunAsync(async () =>
        {
            Assert.Null(lab.Pool.TryRent());
            var first = await lab.ConnectAsync();
            var second = await lab.ConnectAsync();
            await ConnectionLab.AskAsync(first, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await ConnectionLab.AskAsync(second, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.Equal(2, lab.Pool.IdleCount);
            Assert.Same(second, lab.Pool.TryRent());
            Assert.Same(first, lab.Pool.TryRent());
            Assert.Null(lab.Pool.TryRent());
            second.Dispose();
            first.Dispose();
        });
    }

    [Fact]
    public async Task No_more_than_the_limit_are_kept()
    {
        await using var lab = new ConnectionLab("memory", ServeAsync, maxConnections: ConnectionPool.MaxIdle + 5);
        await lab.Reactor.RunAsync(async () =>
        {
            var connections = new List<Http1ClientConnection>();
            for (var i = 0; i < ConnectionPool.MaxIdle + 5; i++)
                connections.Add(await lab.ConnectAsync());
            foreach (var connection in connections)
                await ConnectionLab.AskAsync(connection, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.Equal((ConnectionPool.MaxIdle, ConnectionPool.MaxIdle), (lab.Pool.IdleCount, lab.Pool.Count));
        });
    }

    [Fact]
    public async Task One_more_than_there_may_be_is_refused()
    {
        await using var lab = new ConnectionLab("tcp", ServeAsync, maxConnections: 2);
        await lab.Reactor.RunAsync(async () =>
        {
            var first = await lab.ConnectAsync();
            var second = await lab.ConnectAsync();
            var exception = await Assert.ThrowsAsync<ClientException>(() => lab.Pool.ConnectAsync().AsTask());
            Assert.Equal((ClientFault.PoolExhausted, 503), (exception.Fault, exception.GatewayStatus));
            Assert.True(exception.IsUnsent);
            first.Dispose();
            (await lab.ConnectAsync()).Dispose();
            second.Dispose();
            Assert.Equal(0, lab.Pool.Count);
        });
    }

    [Fact]
    public async Task Closed_pool_keeps_nothing()
    {
        await using var lab = new ConnectionLab("memory", ServeAsync);
        Http1ClientConnection used = null!;
        await lab.Reactor.RunAsync(async () =>
        {
            used = await lab.ConnectAsync();
            await ConnectionLab.AskAsync(await lab.ConnectAsync(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        });
        // From elsewhere.
        lab.Pool.Close();
        await lab.Reactor.UntilAsync(() => lab.Pool.IsClosed, "the pool is closed");
        Assert.Equal((0, 1), await lab.Reactor.Run(() => (lab.Pool.IdleCount, lab.Pool.Count)));
        await lab.Reactor.RunAsync(() => ConnectionLab.AskAsync(used, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        Assert.Equal(0, await lab.Reactor.Run(() => lab.Pool.Count));
    }
}
