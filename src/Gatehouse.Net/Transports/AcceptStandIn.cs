using Gatehouse.Net.Interop;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;

namespace Gatehouse.Net.Transports;

/// <summary>
/// Accepts on one reactor from the listening socket of another that is held, until that one turns again: the kernel goes on giving a share of new connections
/// to its queue. Whatever else is wrong with the socket, its own reactor meets and tells.
/// </summary>
internal sealed class AcceptStandIn : IReactorSource, IReactorWork, ITimerTarget
{
    private const int MostPerTurn = 64;

    // How often it looks whether the reactor turns again; an event asks too.
    private const int LookEvery = 20;

    private readonly Reactor _reactor;
    private readonly Reactor _held;
    private readonly long _turn;
    private readonly SharedDescriptor _socket;
    private readonly IConnectionAcceptor _acceptor;
    private readonly ReactorTimer _timer;
    private ulong _data;
    private bool _isWatching;
    private bool _hasLeft;

    /// <summary>For the turn of <paramref name="held"/> that began at <paramref name="turn"/>; has one use of <paramref name="socket"/>.</summary>
    internal AcceptStandIn(Reactor reactor, Reactor held, long turn, SharedDescriptor socket, IConnectionAcceptor acceptor)
    {
        _reactor = reactor;
        _held = held;
        _turn = turn;
        _socket = socket;
        _acceptor = acceptor;
        _timer = new ReactorTimer(reactor, this);
    }

    object IReactorSource.Owner => _acceptor;

    private bool IsOver => _held.TurnStartedAt != _turn;

    /// <summary>Starts in the next turn of its reactor.</summary>
    internal void Start()
    {
        if (!_reactor.TryPost(this))
            _socket.Release();
    }

    /// <summary>Leaves the socket, then signals. From any thread.</summary>
    internal void Stop(CountdownEvent? stopped)
    {
        var leave = new CallbackWork(
            _ =>
            {
                Leave();
                stopped?.Signal();
            },
            null);
        if (!_reactor.TryPost(leave))
            stopped?.Signal();
    }

    void IReactorWork.Run()
    {
        if (_hasLeft)
            return;
        _data = _reactor.AddSource(this);
        _isWatching = true;
        if (IsOver || _reactor.Watch(_socket.Value, EpollSet.Readable, _data) != 0)
            Leave();
        else
            _timer.Arm(LookEvery);
    }

    void IReactorSource.OnEvents(uint events)
    {
        for (var accepted = 0; accepted < MostPerTurn; accepted++)
        {
            if (IsOver)
            {
                Leave();
                return;
            }
            var descriptor = SocketCalls.Accept(_socket.Value, out var peer);
            if (descriptor >= 0)
            {
                AcceptSource.GiveAway(_acceptor, new SocketTransport(_reactor, descriptor, peer));
                continue;
            }
            // No descriptors, for instance: the socket stays readable, and a turn would follow the other without end.
            if (descriptor != -Errno.Again)
                Leave();
            return;
        }
    }

    void IReactorSource.OnReactorEnded() => Leave();

    void ITimerTarget.OnTimer()
    {
        if (IsOver)
            Leave();
        else
            _timer.Arm(LookEvery);
    }

    private void Leave()
    {
        if (_hasLeft)
            return;
        _hasLeft = true;
        if (_isWatching)
        {
            _timer.Release();
            _reactor.Unwatch(_socket.Value);
            _reactor.RemoveSource(_data);
        }
        _socket.Release();
    }
}
