using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Client.Http2;

/// <summary>
/// The connections of one reactor to one endpoint that speaks HTTP/2, by prior knowledge (RFC 9113 section 3.3) or, with TLS, when it says so by ALPN (section
/// 3.2). Each carries many requests at a time: the first with room takes the next. On its reactor's thread only, but for <see cref="Close"/>.
/// </summary>
public sealed class Http2ConnectionPool : IConnectionPool, IReactorWork
{
    // Stream objects that are kept for the next requests; an idle one holds about 2 KB.
    private const int RetainedStreams = 256;

    private readonly List<Http2ClientConnection> _connections = [];
    private readonly Stack<Http2ClientStream> _free = new();

    /// <summary>A pool without connections.</summary>
    public Http2ConnectionPool(Reactor reactor, Endpoint endpoint, ClientTimeouts? timeouts = null, Http1Limits? limits = null)
    {
        Reactor = reactor;
        Endpoint = endpoint;
        Timeouts = timeouts ?? ClientTimeouts.Default;
        Limits = limits ?? Http1Limits.Default;
    }

    /// <summary>The reactor it belongs to.</summary>
    public Reactor Reactor { get; }

    /// <summary>Where its connections go.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>The time limits of its connections.</summary>
    public ClientTimeouts Timeouts { get; }

    /// <summary>What its connections accept of a response's head.</summary>
    public Http1Limits Limits { get; }

    /// <summary>How its connections speak TLS, and what they offer by ALPN; null for none.</summary>
    public ClientTls? Tls { get; init; }

    /// <summary>Connections that it may have at a time.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>Connections that there are.</summary>
    public int Count => _connections.Count;

    /// <summary>True once <see cref="Close"/> took effect: connections end with their last request.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>
    /// A stream for one request, on a connection that stands or is being made. The request may be written at once; that no connection could be made is found
    /// out by who waits for it.
    /// </summary>
    /// <exception cref="ClientException">There are <see cref="MaxConnections"/>, and none has room.</exception>
    public Http2ClientStream Open()
    {
        foreach (var connection in _connections)
        {
            if (connection.HasRoom)
                return connection.Open(Rent());
        }
        if (_connections.Count >= MaxConnections)
            throw new ClientException(ClientFault.PoolExhausted, $"{Endpoint} has {Count} connections already, as many as are allowed, and none takes a further request");
        var next = new Http2ClientConnection(this);
        _connections.Add(next);
        next.Connect();
        return next.Open(Rent());
    }

    /// <summary>A stream on a connection over a transport that stands already.</summary>
    internal Http2ClientStream Over(Transport transport)
    {
        var next = new Http2ClientConnection(this);
        _connections.Add(next);
        next.Adopt(transport);
        return next.Open(Rent());
    }

    /// <summary>
    /// Closes the connections at rest; the others with their last request. From any thread: inline on the reactor, else in its next turn.
    /// </summary>
    public void Close()
    {
        if (Reactor.IsCurrent)
            CloseNow();
        else
            Reactor.TryPost(this);
    }

    void IReactorWork.Run() => CloseNow();

    /// <summary>
    /// Streams that a connection is taken to allow until its server says so: what the last one allowed, and at first no more than RFC 9113 section 6.5.2
    /// recommends servers to allow at least.
    /// </summary>
    internal long StreamsAtFirst { get; set => field = Math.Min(value, 100); } = 100;

    internal void Return(Http2ClientStream stream)
    {
        if (_free.Count < RetainedStreams)
            _free.Push(stream);
    }

    /// <summary>Forgets a connection that was closed.</summary>
    internal void Forget(Http2ClientConnection connection) => _connections.Remove(connection);

    private Http2ClientStream Rent() => _free.TryPop(out var stream) ? stream : new Http2ClientStream(this);

    private void CloseNow()
    {
        IsClosed = true;
        for (var i = _connections.Count - 1; i >= 0; i--)
            _connections[i].CloseWhenDone();
    }
}
