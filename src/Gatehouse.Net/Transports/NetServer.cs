using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>Listens on an endpoint and gives each connection to an async function: a server in a page of code.</summary>
public sealed class NetServer : IDisposable, IConnectionAcceptor, ITlsEvents
{
    private readonly Func<TransportStream, Task> _serve;
    private readonly NetServerOptions _options;
    private readonly Listener _listener;
    private int _connections;

    private NetServer(Endpoint endpoint, Func<TransportStream, Task> serve, NetServerOptions options)
    {
        _serve = serve;
        _options = options;
        IConnectionAcceptor acceptor = options.Tls is { } tls ? new TlsAcceptor(tls, this, this) : this;
        _listener = Listener.Start((options.Reactors ?? ReactorGroup.Shared).Reactors, endpoint, acceptor, options.Listener);
    }

    /// <summary>The endpoint it is bound to, with the real port where 0 was asked.</summary>
    public Endpoint Endpoint => _listener.Endpoint;

    /// <summary>Connections that are being served.</summary>
    public int ConnectionCount => Volatile.Read(ref _connections);

    /// <summary>
    /// Starts to listen. <paramref name="serve"/> is called for each connection and owns it; when it has finished, the connection is closed if it still
    /// is open, and reset when it failed. It starts on the connection's reactor and must not block there, unless
    /// <see cref="NetServerOptions.OnThreadPool"/> is set.
    /// </summary>
    /// <exception cref="System.Net.Sockets.SocketException">The endpoint cannot be bound.</exception>
    public static NetServer Start(Endpoint endpoint, Func<TransportStream, Task> serve, NetServerOptions? options = null) =>
        new(endpoint, serve, options ?? new NetServerOptions());

    /// <summary>Stops listening. Connections that are being served live on.</summary>
    public void Dispose() => _listener.Dispose();

    void IConnectionAcceptor.Accept(Transport transport)
    {
        if (Interlocked.Increment(ref _connections) > _options.MaxConnections)
        {
            Interlocked.Decrement(ref _connections);
            transport.Abort();
            return;
        }

        var stream = new TransportStream(transport) { ReadTimeout = _options.ReadTimeout, WriteTimeout = _options.WriteTimeout };
        if (_options.OnThreadPool)
            ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Server.Serve(work.Stream), (Server: this, Stream: stream), preferLocal: false);
        else
            _ = Serve(stream);
    }

    void ITlsEvents.OnHandshakeFailed(Endpoint remote, string reason) => _options.ConnectionFailed?.Invoke(remote, new IOException(reason));

    private async Task Serve(TransportStream stream)
    {
        try
        {
            await _serve(stream);
            await stream.DisposeAsync();
        }
        catch (Exception exception)
        {
            stream.Abort();
            _options.ConnectionFailed?.Invoke(stream.RemoteEndpoint, exception);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }
}
