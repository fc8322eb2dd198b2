using Gatehouse.Http.Client.Http1;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Client;

/// <summary>
/// The connections of one reactor to one endpoint: those at rest are reused last in, first out, so that a lull lets the rest time out.
/// On its reactor's thread only, but for <see cref="Close"/>.
/// </summary>
public sealed class ConnectionPool : IConnectionPool, IReactorWork
{
    /// <summary>
    /// Connections at rest that are kept: HAProxy keeps all, until they have been unused for a while; so does this within a bound that the streams of a few
    /// connections of HTTP/2 do not exceed. Fewer than are in use at a time would be made anew all the time.
    /// </summary>
    public const int MaxIdle = 512;

    private readonly List<Http1ClientConnection> _idle = [];

    /// <summary>A pool without connections.</summary>
    public ConnectionPool(Reactor reactor, Endpoint endpoint, ClientTimeouts? timeouts = null, Http1Limits? limits = null)
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

    /// <summary>How its connections speak TLS; null for none.</summary>
    public ClientTls? Tls { get; init; }

    /// <summary>Connections that it may have at a time. The default is half of the 28,000 ports that Linux has for connections to one endpoint.</summary>
    public int MaxConnections { get; init; } = 14_000;

    /// <summary>Connections that there are: in use, at rest and being made.</summary>
    public int Count { get; private set; }

    /// <summary>Connections at rest.</summary>
    public int IdleCount => _idle.Count;

    /// <summary>True once <see cref="Close"/> took effect: what is returned is closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>A connection at rest, now the caller's, or null: then <see cref="ConnectAsync()"/> makes one.</summary>
    public Http1ClientConnection? TryRent()
    {
        if (_idle.Count == 0)
            return null;
        var connection = _idle[^1];
        _idle.RemoveAt(_idle.Count - 1);
        connection.Leave();
        return connection;
    }

    /// <summary>Makes a new connection for the caller.</summary>
    /// <exception cref="ClientException">It was refused or not made in time, or there are <see cref="MaxConnections"/> already.</exception>
    public ValueTask<Http1ClientConnection> ConnectAsync() => Http1ClientConnection.ConnectAsync(this);

    /// <summary>
    /// Makes a new connection that begins with <paramref name="preamble"/>, before TLS, and so speaks for one client only: it is not kept when it comes back.
    /// </summary>
    /// <exception cref="ClientException">As the other.</exception>
    public ValueTask<Http1ClientConnection> ConnectAsync(ReadOnlyMemory<byte> preamble) => Http1ClientConnection.ConnectAsync(this, preamble);

    /// <summary>
    /// Closes the connections at rest; those in use are closed when they come back. From any thread: inline on the reactor, else in its next turn.
    /// </summary>
    public void Close()
    {
        if (Reactor.IsCurrent)
            CloseNow();
        else
            Reactor.TryPost(this);
    }

    void IReactorWork.Run() => CloseNow();

    /// <summary>Counts a connection that is being made.</summary>
    internal void Open()
    {
        if (Count >= MaxConnections)
            throw new ClientException(ClientFault.PoolExhausted, $"{Endpoint} has {Count} connections already, as many as are allowed");
        Count++;
    }

    internal bool TryKeep(Http1ClientConnection connection)
    {
        if (IsClosed || _idle.Count >= MaxIdle)
            return false;
        _idle.Add(connection);
        return true;
    }

    /// <summary>Forgets a connection that was closed.</summary>
    internal void Forget(Http1ClientConnection connection, bool isIdle)
    {
        Count--;
        if (isIdle)
            _idle.Remove(connection);
    }

    private void CloseNow()
    {
        IsClosed = true;
        while (_idle.Count > 0)
            _idle[^1].Dispose();
    }
}
