using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;

namespace Gatehouse.Dns.Servers;

/// <summary>A query that waits on a connection for its answer, with its time limit. On the reactor.</summary>
internal sealed class PendingReply : ITimerTarget
{
    private readonly TaskCompletionSource<byte[]> _done = new();
    private readonly ReactorTimer _timer;
    private readonly Action<PendingReply> _late;
    private CancellationTokenRegistration _registration;

    internal PendingReply(Reactor reactor, SentQuery query, TimeSpan timeout, Action<PendingReply> late)
    {
        Query = query;
        _late = late;
        _timer = new ReactorTimer(reactor, this);
        _timer.Arm((long)timeout.TotalMilliseconds);
    }

    internal SentQuery Query { get; }

    internal Task<byte[]> Task => _done.Task;

    /// <summary>What had been received on the connection when this was sent.</summary>
    internal long ReceivedBefore { get; init; }

    internal void OnCancelled(Action<PendingReply> cancelled, CancellationToken cancellation)
    {
        if (cancellation.CanBeCanceled)
            _registration = cancellation.UnsafeRegister(state => _timer.Reactor.TryPost(new Cancellation(this, cancelled)), null);
    }

    internal void Set(byte[] reply)
    {
        End();
        _done.TrySetResult(reply);
    }

    internal void Fail(Exception exception)
    {
        End();
        _done.TrySetException(exception);
    }

    void ITimerTarget.OnTimer() => _late(this);

    private void End()
    {
        _timer.Release();
        _registration.Unregister();
    }

    private sealed class Cancellation(PendingReply pending, Action<PendingReply> cancelled) : IReactorWork
    {
        public void Run() => cancelled(pending);
    }
}
