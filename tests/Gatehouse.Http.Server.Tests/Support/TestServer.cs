using System.Collections.Concurrent;
using System.Globalization;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Testing;

namespace Gatehouse.Http.Server.Tests.Support;

/// <summary>
/// A server over one kind of transport with a handler made of a function. At dispose it sees to it that no callback failed, that every request came over that
/// kind, and that the connections of clients that are gone are gone as well.
/// </summary>
internal sealed class TestServer : IDisposable
{
    private readonly ConcurrentQueue<Exception> _escaped = new();
    private readonly ReactorGroup _group = new(1);
    private readonly List<RawClient> _clients = [];
    private readonly TestHandler _handler;
    private readonly Listener _listener;
    private readonly TempFolder _folder = new();
    private readonly string _kind;

    /// <param name="wire">One of <see cref="Wires.All"/>.</param>
    /// <param name="handle">Answers each request.</param>
    /// <param name="limits">The defaults when null.</param>
    public TestServer(string wire, Func<Exchange, ValueTask> handle, ServerLimits? limits = null)
    {
        var parts = wire.Split('/');
        _kind = parts[0];
        _handler = new TestHandler(handle);
        _group.CallbackFailed = (_, exception) => _escaped.Enqueue(exception);
        _group.Start();
        Http = new HttpServer(_group.Reactors, _handler, limits, Events);
        var limit = parts.Length == 1 ? int.MaxValue : int.Parse(parts[1], CultureInfo.InvariantCulture);
        IConnectionAcceptor acceptor = _kind == "memory" ? new MemoryAcceptor(Http, limit) : Http;
        var endpoint = _kind == "unix" ? new Endpoint(_folder["socket"]) : new Endpoint(IpAddress.FromV4(0x7F000001), 0);
        _listener = Listener.Start(_group.Reactors, endpoint, acceptor);
    }

    public HttpServer Http { get; }

    public RecordedEvents Events { get; } = new();

    public Reactor Reactor => _group.Reactors[0];

    public Endpoint Endpoint => _listener.Endpoint;

    /// <summary>A client that is closed with the server.</summary>
    public RawClient Connect()
    {
        var limit = TimeSpan.FromSeconds(30);
        var client = Endpoint.IsUnix ? RawClient.ConnectUnix(Endpoint.UnixPath!, limit) : RawClient.Connect(Endpoint.Port, timeout: limit);
        lock (_clients)
            _clients.Add(client);
        return client;
    }

    /// <summary>One request on a connection of its own, and its answer.</summary>
    public RawResponse Get(string target = "/", string method = "GET", string fields = "", string body = "")
    {
        using var client = Connect();
        client.Send($"{method} {target} HTTP/1.1\r\nHost: a\r\n{fields}\r\n{body}");
        return client.ReadResponse(toHead: method == "HEAD");
    }

    /// <summary>Runs a function on the reactor.</summary>
    public T OnReactor<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Reactor.Post(_ => done.SetResult(function()), null);
        return Eventually.Result(done.Task);
    }

    /// <summary>Waits until that many connections are open.</summary>
    public void WaitForConnections(int count) => Eventually.True(() => Http.OpenConnections == count, $"{count} connections; there are {Http.OpenConnections}");

    public void StopListening() => _listener.Dispose();

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
        WaitForConnections(0);
        _listener.Dispose();
        _group.Dispose();
        _folder.Dispose();
        Assert.Empty(_escaped);
        Assert.All(_handler.Kinds, kind => Assert.Equal(_kind, kind));
    }
}
