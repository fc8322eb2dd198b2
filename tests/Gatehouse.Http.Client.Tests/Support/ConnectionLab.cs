using System.Text;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Client.Tests.Support;

/// <summary>One reactor with one pool, whose connections go to a script of the test, over TCP or in memory.</summary>
internal sealed class ConnectionLab : IAsyncDisposable
{
    private readonly ReactorGroup _group = ReactorGroup.StartNew(1);
    private readonly Func<ServerSide, Task> _script;
    private readonly ScriptedServer? _server;
    private readonly List<Task> _scripts = [];

    public ConnectionLab(string kind, Func<ServerSide, Task> script, ClientTimeouts? timeouts = null, Http1Limits? limits = null, int maxConnections = 100)
    {
        _script = script;
        _server = kind == "tcp" ? ScriptedServer.Start(script) : null;
        var endpoint = _server?.Endpoint ?? new Endpoint(IpAddress.FromV4(0x7F000001), 1);
        Pool = new ConnectionPool(Reactor, endpoint, timeouts, limits) { MaxConnections = maxConnections };
    }

    public static TheoryData<string> Kinds => ["tcp", "memory"];

    public Reactor Reactor => _group.Reactors[0];

    public ConnectionPool Pool { get; }

    /// <summary>The most bytes that one read of a connection in memory gives.</summary>
    public int ReadLimit { get; init; } = int.MaxValue;

    /// <summary>Bytes that a connection in memory holds on their way.</summary>
    public int Capacity { get; init; } = 64 * 1024;

    /// <summary>A new connection. On the reactor.</summary>
    public async Task<Http1ClientConnection> ConnectAsync()
    {
        if (_server is not null)
            return await Pool.ConnectAsync();
        var (client, server) = MemoryTransport.Pair(Reactor, Reactor, Capacity);
        client.ReadLimit = ReadLimit;
        var side = new ServerSide(new TransportStream(server), null) { Index = _scripts.Count };
        _scripts.Add(Task.Run(async () =>
        {
            using (side)
                await _script(side);
        }));
        return Http1ClientConnection.Over(Pool, client);
    }

    /// <summary>Sends a request over a new connection, reads the answer and gives the connection back.</summary>
    public Task<Answer> AskAsync(string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n", Method method = Method.Get, int bufferSize = 4096) =>
        Reactor.RunAsync(async () =>
        {
            var connection = Pool.TryRent() ?? await ConnectAsync();
            return await AskAsync(connection, request, method, bufferSize);
        });

    /// <summary>Sends a request over a connection, reads the answer and gives the connection back. On the reactor.</summary>
    public static async Task<Answer> AskAsync(Http1ClientConnection connection, string request, Method method = Method.Get, int bufferSize = 4096)
    {
        try
        {
            connection.Begin(method);
            connection.Output.Append(Encoding.Latin1.GetBytes(request));
            await connection.FlushAsync();
            return await Answer.ReadAsync(connection, method, bufferSize);
        }
        finally
        {
            connection.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Reactor.Run(() =>
        {
            Pool.Close();
            return true;
        });
        await Task.WhenAll(_scripts).WaitAsync(ReactorExtensions.Limit);
        if (_server is not null)
            await _server.DisposeAsync();
        _group.Dispose();
    }
}
