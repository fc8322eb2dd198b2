using Gatehouse.Net.Interop;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;

namespace Gatehouse.Net.Transports;

/// <summary>A listening socket in one reactor's epoll set, level-triggered: what a turn leaves in the queue is an event of the next.</summary>
internal sealed class AcceptSource : IReactorSource, ITimerTarget, IHeldSource
{
    private const int MostPerTurn = 64;

    // More than the longest usual queue (net.core.somaxconn is 4096), and an end under a flood of connections.
    private const int MostRoundsAtStop = 128;
    private const int PauseMilliseconds = 100;
    private readonly Reactor _reactor;
    private readonly IConnectionAcceptor _acceptor;
    private readonly SharedDescriptor _socket;
    private readonly bool _isShared;
    private ReactorTimer? _retry;
    private volatile AcceptStandIn? _standIn;
    private ulong _data;
    private int _budget = 1;
    private bool _watched;
    private bool _suspended;
    private bool _closed;

    internal AcceptSource(Reactor reactor, SharedDescriptor socket, bool isShared, IConnectionAcceptor acceptor)
    {
        _reactor = reactor;
        _socket = socket;
        _isShared = isShared;
        _acceptor = acceptor;
    }

    object IReactorSource.Owner => _acceptor;

    /// <summary>Watches the socket from the reactor's next turn on.</summary>
    internal void Start() => _reactor.Post(static state => ((AcceptSource)state!).Watch(), this);

    /// <summary>Accepts what waits, then leaves the socket, and signals <paramref name="stopped"/>; inline when this is its reactor.</summary>
    internal void Stop(CountdownEvent? stopped)
    {
        if (_reactor.IsCurrent)
        {
            StopHere(stopped);
            return;
        }

        if (!_reactor.TryPost(new CallbackWork(_ => StopHere(stopped), null)))
            stopped?.Signal();
    }

    /// <inheritdoc/>
    public void StandIn(Reactor other, long turn)
    {
        if (!_socket.TryAcquire())
            return;
        var standIn = new AcceptStandIn(other, _reactor, turn, _socket, _acceptor);
        _standIn = standIn;
        standIn.Start();
    }

    /// <summary>Hands a new connection over, and ends it when that fails.</summary>
    internal static void GiveAway(IConnectionAcceptor acceptor, SocketTransport transport)
    {
        try
        {
            acceptor.Accept(transport);
        }
        catch
        {
            transport.Abort();
            throw;
        }
    }

    /// <inheritdoc/>
    public void OnEvents(uint events)
    {
        // Accepting until EAGAIN would cost a failed accept4(2) each time. As the socket is level-triggered, what is left is an event of the next turn, so
        // the budget may follow what arrives: one more after a full use, what was found after a short one.
        var accepted = AcceptSome(_budget);
        _budget = accepted == _budget ? Math.Min(_budget + 1, MostPerTurn) : Math.Max(accepted, 1);
    }

    /// <inheritdoc/>
    public void OnReactorEnded()
    {
        _closed = true;
        _reactor.RemoveHeldSource(this);
        _reactor.RemoveSource(_data);
        _socket.Release();
    }

    /// <inheritdoc/>
    public void OnTimer()
    {
        if (!_closed)
            WatchAgain();
    }

    private void Watch()
    {
        _data = _reactor.AddSource(this);
        // The others watch a shared socket anyway.
        if (!_isShared)
            _reactor.AddHeldSource(this);
        WatchAgain();
    }

    private void WatchAgain()
    {
        var errno = _reactor.Watch(_socket.Value, EpollSet.Readable | (_isShared ? EpollSet.Exclusive : 0), _data);
        _watched = errno == 0;
        if (!_watched)
            Suspend(errno);
    }

    private int AcceptSome(int most)
    {
        var accepted = 0;
        while (accepted < most && !_closed)
        {
            var descriptor = SocketCalls.Accept(_socket.Value, out var peer);
            if (descriptor >= 0)
            {
                accepted++;
                _suspended = false;
                GiveAway(_acceptor, new SocketTransport(_reactor, descriptor, peer));
                continue;
            }

            switch (-descriptor)
            {
                case Errno.Again:
                    return accepted;
                case Errno.FilesExhausted or Errno.SystemFilesExhausted or Errno.NoBuffers or Errno.NoMemory:
                    Suspend(-descriptor);
                    return accepted;
                default:
                    // The connection at the head of the queue has failed meanwhile (accept(2) passes its error on), or a signal came: the next one.
                    most--;
                    break;
            }
        }

        return accepted;
    }

    private void Suspend(int errno)
    {
        if (_watched)
            _reactor.Unwatch(_socket.Value);
        _watched = false;
        _retry ??= new ReactorTimer(_reactor, this);
        _retry.Arm(PauseMilliseconds);
        if (_suspended)
            return;
        _suspended = true;
        _acceptor.AcceptSuspended(errno, TimeSpan.FromMilliseconds(PauseMilliseconds));
    }

    private void StopHere(CountdownEvent? stopped)
    {
        try
        {
            if (_closed)
                return;
            for (var round = 0; round < MostRoundsAtStop && AcceptSome(MostPerTurn) > 0; round++)
            {
            }
        }
        finally
        {
            if (!_closed)
            {
                _retry?.Release();
                if (_watched)
                    _reactor.Unwatch(_socket.Value);
                OnReactorEnded();
            }

            // Who stands in holds the socket too; the endpoint is free when it has left.
            if (_standIn is { } standIn)
                standIn.Stop(stopped);
            else
                stopped?.Signal();
        }
    }
}
