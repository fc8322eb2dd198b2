using System.Runtime.CompilerServices;
using Gatehouse.Http.Client.Http2;
using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Http.Tasks;

namespace Gatehouse.Http.Client.Tests.Http2;

/// <summary>A request on a connection that stands allocates nothing.</summary>
public sealed class Http2AllocationTests
{
    private static readonly byte[] Hello = "Hello, world!"u8.ToArray();
    private static readonly byte[] Buffer = new byte[1000];

    [Fact]
    public async Task Requests_on_a_standing_connection_allocate_nothing()
    {
        using var server = new TestServer(exchange => exchange.SendAsync(Hello));
        await using var lab = new Http2Lab(server.Endpoint);
        var allocated = await lab.Reactor.RunAsync(async () =>
        {
            await ManyAsync(lab.Pool, 2000);
            var before = GC.GetAllocatedBytesForCurrentThread();
            await ManyAsync(lab.Pool, 5000);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        // The outer method's own frame; a request that allocated would make megabytes.
        Assert.InRange(allocated, 0, 2000);
    }

    private static async ValueTask ManyAsync(Http2ConnectionPool pool, int count)
    {
        for (var i = 0; i < count; i++)
            await OneAsync(pool);
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private static async ValueTask OneAsync(Http2ConnectionPool pool)
    {
        var stream = pool.Open();
        try
        {
            WriteHead(stream);
            await stream.WriteAsync(Hello, isLast: true);
            await stream.ReadHeadAsync();
            int count;
            while ((count = stream.TryReadBody(Buffer)) != 0)
            {
                if (count < 0)
                    await stream.WaitForBodyAsync();
            }
        }
        finally
        {
            stream.Release();
        }
    }

    private static void WriteHead(Http2ClientStream stream)
    {
        var head = stream.BeginHead(Protocols.Method.Post, 200);
        head.Line("POST"u8, isHttps: false, "test.example"u8, "/path"u8);
        head.End(isLast: false);
    }
}
