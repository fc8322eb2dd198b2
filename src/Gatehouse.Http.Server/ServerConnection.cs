using Gatehouse.Net.Transports;

namespace Gatehouse.Http.Server;

/// <summary>One client's connection, whatever protocol it speaks: what <see cref="ServerReactor"/> and exchanges need of it.</summary>
internal abstract class ServerConnection(ServerReactor owner, Transport transport, ServerLimits limits)
{
    public ServerReactor Owner { get; } = owner;

    public Transport Transport { get; } = transport;

    public ServerLimits Limits { get; } = limits;

    /// <summary>What a handler keeps with the connection (<see cref="Exchange.ConnectionState"/>).</summary>
    public object? State { get; set; }

    /// <summary>Neighbours in the list of <see cref="ServerReactor"/>.</summary>
    public ServerConnection? Next { get; set; }

    /// <inheritdoc cref="Next"/>
    public ServerConnection? Previous { get; set; }

    /// <summary>The server drains: the client is told where its protocol has words for that.</summary>
    public virtual void OnDrain()
    {
    }

    /// <summary>The moment after the start of a drain is over: a connection that waits for a request closes.</summary>
    public abstract void CloseIfIdle();

    /// <summary>Drops the connection and resets the peer.</summary>
    public abstract void Kill();
}
