using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Http.Server;

/// <summary>
/// Reactors, a server on them and its listeners: what a program needs that serves one handler. It starts with its construction, answers once
/// <see cref="Listen"/> or <see cref="ConnectAsync"/> brings a connection, and ends with <see cref="StopAsync"/> and its disposal.
/// </summary>
public sealed class HttpService : IAsyncDisposable
{
    private readonly ReactorGroup _reactors;
    private readonly ReactorWatchdog _watchdog;
    private readonly HttpServer _server;
    private readonly List<Listener> _listeners = [];
    private readonly HttpServiceOptions _options;
    private int _isDisposed;

    /// <summary>Starts the reactors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of reactors is not 1 to 1024.</exception>
    public HttpService(IHandler handler, HttpServiceOptions? options = null)
    {
        _options = options ?? new HttpServiceOptions();
        var failed = _options.CallbackFailed;
        _reactors = new ReactorGroup(_options.Reactors) { CallbackFailed = failed is null ? null : (_, exception) => failed(exception) };
        _reactors.Start();
        _server = new HttpServer(_reactors.Reactors, handler, _options.Limits, _options.Events);
        var held = _options.ReactorHeld;
        _watchdog = new ReactorWatchdog(_reactors.Reactors, reactor => held?.Invoke(reactor.Duration));
    }

    /// <summary>The reactors, for objects that live on them.</summary>
    public IReadOnlyList<Reactor> Reactors => _reactors.Reactors;

    /// <summary>Connections that are open now.</summary>
    public int OpenConnections => _server.OpenConnections;

    /// <summary>Listens on an address; with <paramref name="tls"/> clients begin with its handshake. Returns the address with its real port.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    public Endpoint Listen(Endpoint endpoint, TlsServer? tls = null, ITlsEvents? events = null)
    {
        IConnectionAcceptor acceptor = tls is null ? _server : new TlsAcceptor(tls, _server, events);
        // A client of HTTP speaks first: the kernel keeps a connection until it does.
        var listener = Listener.Start(_reactors.Reactors, endpoint, acceptor, new ListenerOptions { DeferAccept = TimeSpan.FromSeconds(5) });
        _listeners.Add(listener);
        return listener.Endpoint;
    }

    /// <summary>A connection to the server in memory, without a socket: the client's end.</summary>
    public async Task<Stream> ConnectAsync()
    {
        var reactor = _reactors.Reactors[0];
        var (client, server) = MemoryTransport.Pair(reactor, reactor);
        var connected = new TaskCompletionSource<Stream>(TaskCreationOptions.RunContinuationsAsynchronously);
        reactor.Post(
            _ =>
            {
                _server.Accept(server);
                connected.SetResult(new TransportStream(client));
            },
            null);
        return await connected.Task.ConfigureAwait(false);
    }

    /// <summary>
    /// Stops accepting, lets requests under way end, and closes. Those that are left after <paramref name="limit"/> are dropped; true when none had to be.
    /// </summary>
    public Task<bool> StopAsync(TimeSpan limit)
    {
        CloseListeners();
        return _server.DrainAsync(limit);
    }

    /// <summary>Ends the reactors, and with them what is still open.</summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return default;
        CloseListeners();
        _watchdog.Dispose();
        _reactors.Dispose();
        return default;
    }

    private void CloseListeners()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
        _listeners.Clear();
    }
}
