using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;

namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>A pause on a reactor, which goes on there.</summary>
internal sealed class ReactorDelay : ITimerTarget
{
    private readonly TaskCompletionSource _done = new();
    private readonly ReactorTimer _timer;

    private ReactorDelay(Reactor reactor) => _timer = new ReactorTimer(reactor, this);

    /// <summary>Waits. On the reactor; a cancellation on the reactor ends it at once.</summary>
    internal static async Task For(Reactor reactor, TimeSpan time, CancellationToken cancellation)
    {
        var delay = new ReactorDelay(reactor);
        delay._timer.Arm((long)time.TotalMilliseconds);
        using (cancellation.UnsafeRegister(static state => ((ReactorDelay)state!)._done.TrySetResult(), delay))
            await delay._done.Task;
        delay._timer.Release();
        cancellation.ThrowIfCancellationRequested();
    }

    void ITimerTarget.OnTimer() => _done.TrySetResult();
}
