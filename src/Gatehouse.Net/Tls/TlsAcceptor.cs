using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Tls;

/// <summary>
/// Takes accepted connections through their TLS handshake and gives those that stand to another acceptor. A handshake that fails, or takes too long, never
/// reaches that one.
/// </summary>
public sealed class TlsAcceptor : IConnectionAcceptor
{
    private readonly IConnectionAcceptor _next;
    private readonly ITlsEvents? _events;
    private TlsServer _server;
    private TaskCompletionSource? _settled;
    private int _handshakes;

    /// <summary>Puts TLS in front of <paramref name="next"/>.</summary>
    public TlsAcceptor(TlsServer server, IConnectionAcceptor next, ITlsEvents? events = null)
    {
        _server = server;
        _next = next;
        _events = events;
    }

    /// <summary>The settings that connections accepted from now on get; those that stand, or are in their handshake, keep theirs.</summary>
    public TlsServer Server
    {
        get => Volatile.Read(ref _server);
        set => Volatile.Write(ref _server, value);
    }

    /// <summary>Handshakes that are under way.</summary>
    public int Handshakes => Volatile.Read(ref _handshakes);

    /// <summary>Completes when no handshake is under way. For a server that stops: nobody accepts connections any more.</summary>
    public Task SettledAsync()
    {
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        settled = Interlocked.CompareExchange(ref _settled, settled, null) ?? settled;
        if (Handshakes == 0)
            settled.TrySetResult();
        return settled.Task;
    }

    /// <inheritdoc/>
    public void Accept(Transport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var server = Server;
        if (Interlocked.Increment(ref _handshakes) > server.Options.MaxHandshakes)
        {
            Left();
            _events?.OnHandshakeFailed(transport.RemoteEndpoint, $"{server.Options.MaxHandshakes} handshakes are under way, which is the limit");
            transport.Abort();
            return;
        }

        new TlsServerHandshake(this, server, transport).Advance();
    }

    /// <inheritdoc/>
    public void AcceptSuspended(int errno, TimeSpan pause) => _next.AcceptSuspended(errno, pause);

    internal void Succeeded(Transport transport)
    {
        try
        {
            _next.Accept(transport);
        }
        finally
        {
            Left(); // behind it: who waits for the handshakes finds the connection
        }
    }

    internal void Refused(Transport transport, string reason) => _events?.OnHandshakeFailed(transport.RemoteEndpoint, reason);

    internal void Left()
    {
        if (Interlocked.Decrement(ref _handshakes) == 0)
            Volatile.Read(ref _settled)?.TrySetResult();
    }

    internal void Failed(Transport transport, string reason)
    {
        Left();
        _events?.OnHandshakeFailed(transport.RemoteEndpoint, reason);
    }
}
