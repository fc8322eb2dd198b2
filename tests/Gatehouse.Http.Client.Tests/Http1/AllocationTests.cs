using Gatehouse.Http.Client.Http1;
using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Http.Client.Tests.Http1;

/// <summary>The proxy's path allocates nothing in the steady state: bytes that the client's reactor allocated over 10,000 requests.</summary>
public sealed class AllocationTests
{
    private const int Requests = 10_000;

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, world!")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nd\r\nHello, world!\r\n0\r\n\r\n")]
    public async Task Reused_requests_allocate_nothing(string response)
    {
        using var servers = ReactorGroup.StartNew(1);
        using var clients = ReactorGroup.StartNew(1);
        var wire = System.Text.Encoding.ASCII.GetBytes(response);
        using var listener = Listener.Start(servers.Reactors, new Endpoint(IpAddress.FromV4(0x7F000001), 0), new Responder(wire));
        var pool = new ConnectionPool(clients.Reactors[0], listener.Endpoint);
        var allocated = await clients.Reactors[0].RunAsync(async () =>
        {
            var buffer = new byte[1024];
            for (var i = 0; i < 500; i++)
                await AskAsync(pool, buffer);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Requests; i++)
                await AskAsync(pool, buffer);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        // One state machine for each call of AskAsync is this test's own: it is pooled, as the proxy's is.
        Assert.Equal(0, allocated);
        Assert.Equal(1, await clients.Reactors[0].Run(() => pool.Count));
        pool.Close();
    }

    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(Tasks.PooledValueTaskMethodBuilder))]
    private static async ValueTask AskAsync(ConnectionPool pool, byte[] buffer)
    {
        var connection = pool.TryRent() ?? await pool.ConnectAsync();
        connection.Begin(Method.Get);
        connection.Output.Append("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8);
        await connection.FlushAsync();
        await connection.ReadHeadAsync();
        if (!connection.TryTakeWhole(out _))
        {
            while (await ReadAsync(connection, buffer) > 0)
            {
            }
        }
        connection.Release();
    }

    private static ValueTask<int> ReadAsync(Http1ClientConnection connection, byte[] buffer) => connection.ReadBodyAsync(buffer);

    /// <summary>Answers each read with the same bytes.</summary>
    private sealed class Responder(byte[] wire) : IConnectionAcceptor
    {
        public void Accept(Transport transport) => _ = new Side(transport, wire);

        private sealed class Side : ITransportEvents
        {
            private readonly Transport _transport;
            private readonly byte[] _wire;
            private readonly byte[] _buffer = new byte[4096];

            public Side(Transport transport, byte[] wire)
            {
                _transport = transport;
                _wire = wire;
                transport.Events = this;
                OnReadable();
            }

            public void OnReadable()
            {
                IoResult read;
                while ((read = _transport.Read(_buffer)).IsDone)
                    _transport.Write(_wire);
                if (!read.IsWouldBlock)
                    _transport.Close();
            }

            public void OnWritable()
            {
            }

            public void OnBroken(int errno) => _transport.Close();
        }
    }
}
