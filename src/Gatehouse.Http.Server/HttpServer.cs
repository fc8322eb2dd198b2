using System.Diagnostics;
using Gatehouse.Http.Server.Http1;
using Gatehouse.Http.Server.Http2;
using Gatehouse.Net;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;

namespace Gatehouse.Http.Server;

/// <summary>
/// Serves HTTP on the connections that its listeners accept: a driver for each, on the reactor it was accepted on. The handler can be replaced at any
/// time; each request pins the one that was set when its head was complete.
/// </summary>
public sealed class HttpServer : IConnectionAcceptor
{
    /// <summary>How long after the start of a drain an idle connection is kept for a request that is already on its way.</summary>
    internal static readonly TimeSpan IdleGrace = TimeSpan.FromMilliseconds(200);

    /// <summary>The protocols that it speaks on a connection over TLS, by their names in ALPN, the preferred in front.</summary>
    public static IReadOnlyList<string> Protocols { get; } = ["h2", "http/1.1"];

    private readonly ServerReactor[] _reactors;
    private IHandler _handler;
    private ServerLimits _limits;
    private int _open;
    private TaskCompletionSource? _drained;

    /// <summary>A server on all reactors of a group.</summary>
    /// <exception cref="ArgumentException">A reactor does not stand at the place of its index.</exception>
    public HttpServer(IReadOnlyList<Reactor> reactors, IHandler handler, ServerLimits? limits = null, IServerEvents? events = null)
    {
        _handler = handler;
        _limits = limits ?? ServerLimits.Default;
        Events = events;
        _reactors = new ServerReactor[reactors.Count];
        for (var i = 0; i < reactors.Count; i++)
        {
            if (reactors[i].Index != i)
                throw new ArgumentException($"Expected the reactors of a group in their order; found reactor {reactors[i].Index} at {i}.", nameof(reactors));
            _reactors[i] = new ServerReactor(this, reactors[i]);
        }
    }

    /// <summary>What answers requests from now on.</summary>
    public IHandler Handler
    {
        get => Volatile.Read(ref _handler);
        set => Volatile.Write(ref _handler, value);
    }

    /// <summary>The limits that new connections get.</summary>
    public ServerLimits Limits
    {
        get => Volatile.Read(ref _limits);
        set => Volatile.Write(ref _limits, value);
    }

    /// <summary>Connections that are open now.</summary>
    public int OpenConnections => Volatile.Read(ref _open);

    internal IServerEvents? Events { get; }

    /// <summary>
    /// Serves HTTP/2 on a connection over TLS whose client agreed to it (ALPN), else HTTP/1, or HTTP/2 when the client begins with its preface. On the
    /// transport's reactor.
    /// </summary>
    public void Accept(Transport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        if (transport.Tls?.Protocol == "h2")
            AcceptHttp2(transport);
        else if (MayOpen(transport))
            new Http1Connection(_reactors[transport.Reactor.Index], transport, Limits).Start();
    }

    /// <summary>Serves HTTP/2 on the connection, as was agreed with the client. On the transport's reactor.</summary>
    public void AcceptHttp2(Transport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        if (MayOpen(transport))
            new Http2Connection(_reactors[transport.Reactor.Index], transport, Limits).Start();
    }

    /// <inheritdoc/>
    public void AcceptSuspended(int errno, TimeSpan pause) => Events?.OnAcceptSuspended(Errno.Describe(errno));

    /// <summary>
    /// Lets running requests end and closes their connections behind them, idle ones after a moment. Listeners are closed before by who owns them.
    /// Completes when no connection is left; after <paramref name="limit"/>, or when it is cancelled, those that are left are dropped. True when none had to be.
    /// </summary>
    /// <param name="limit">How long it may take; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes, or until it is cancelled.</param>
    /// <param name="arriving">Completes when no connection can come any more that was accepted before: those in their handshake are waited for.</param>
    /// <param name="cancellation">Ends the wait early.</param>
    public async Task<bool> DrainAsync(TimeSpan limit, Task? arriving = null, CancellationToken cancellation = default)
    {
        foreach (var reactor in _reactors)
            reactor.Reactor.Post(static state => ((ServerReactor)state!).BeginDrain(), reactor);
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (arriving is not null)
                await arriving.WaitAsync(limit, cancellation).ConfigureAwait(false);
            var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            drained = Interlocked.CompareExchange(ref _drained, drained, null) ?? drained;
            if (OpenConnections == 0)
                return true;
            var left = limit == Timeout.InfiniteTimeSpan ? limit : TimeSpan.FromTicks(Math.Max(0, (limit - Stopwatch.GetElapsedTime(started)).Ticks));
            await drained.Task.WaitAsync(left, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            foreach (var reactor in _reactors)
                reactor.Reactor.Post(static state => ((ServerReactor)state!).CloseAll(), reactor);
            return false;
        }
    }

    private bool MayOpen(Transport transport)
    {
        var limit = Limits.Connections;
        if (OpenConnections < limit)
            return true;
        Events?.OnRefused(transport.RemoteEndpoint, 0, $"{limit} connections are open, which is the limit");
        transport.Abort();
        return false;
    }

    internal void ConnectionOpened() => Interlocked.Increment(ref _open);

    internal void ConnectionClosed()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            Volatile.Read(ref _drained)?.TrySetResult();
    }
}
