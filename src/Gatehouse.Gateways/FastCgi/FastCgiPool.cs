using Gatehouse.Http.Client;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Gateways.FastCgi;

/// <summary>
/// The FastCGI connections of one reactor to one endpoint: those at rest are reused last in, first out, so that a lull lets the rest time out. On its
/// reactor's thread only, but for <see cref="Close"/>.
/// </summary>
internal sealed class FastCgiPool(Reactor reactor, Endpoint endpoint, ClientTimeouts timeouts, int keep) : IConnectionPool, IReactorWork
{
    private readonly List<FastCgiConnection> _idle = [];
    private readonly string _name = endpoint.ToString();
    private bool _isClosed;

    /// <summary>The reactor it belongs to.</summary>
    public Reactor Reactor => reactor;

    /// <summary>Where its connections go.</summary>
    public Endpoint Endpoint => endpoint;

    /// <summary>How messages call the peer.</summary>
    public string Name => _name;

    /// <summary>The time limits of its connections.</summary>
    public ClientTimeouts Timeouts => timeouts;

    /// <summary>A connection at rest, now the caller's, or null.</summary>
    public FastCgiConnection? TryRent()
    {
        if (_idle.Count == 0)
            return null;
        var connection = _idle[^1];
        _idle.RemoveAt(_idle.Count - 1);
        connection.Leave();
        return connection;
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (reactor.IsCurrent)
            CloseNow();
        else
            reactor.TryPost(this);
    }

    void IReactorWork.Run() => CloseNow();

    /// <summary>Keeps a connection for another request; false when there are enough.</summary>
    public bool TryKeep(FastCgiConnection connection)
    {
        if (_isClosed || _idle.Count >= keep)
            return false;
        _idle.Add(connection);
        return true;
    }

    /// <summary>Forgets a connection at rest that was closed.</summary>
    public void Forget(FastCgiConnection connection) => _idle.Remove(connection);

    private void CloseNow()
    {
        _isClosed = true;
        while (_idle.Count > 0)
            _idle[^1].Dispose();
    }
}
