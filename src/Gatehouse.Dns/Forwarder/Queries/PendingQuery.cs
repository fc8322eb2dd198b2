using System.Diagnostics.CodeAnalysis;
using Gatehouse.Dns.Forwarder.Answers;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;

namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>A question that servers are asked, for all clients that ask it meanwhile.</summary>
[SuppressMessage("Design", "CA1001", Justification = "End disposes of what it has.")]
internal sealed class PendingQuery : ITimerTarget
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Lane _lane;
    private ReactorTimer? _timer;

    internal PendingQuery(Lane lane, ulong hash, in QueryView view, byte[] message)
    {
        Hash = hash;
        _lane = lane;
        View = view;
        Message = message;
        Cancellation = _cancellation.Token;
    }

    /// <summary>A hash of what it asks, by which it is found.</summary>
    internal ulong Hash { get; }

    /// <summary>What it asks.</summary>
    internal QueryView View { get; }

    /// <summary>The query that goes to servers.</summary>
    internal byte[] Message { get; }

    /// <summary>Those who wait, the latest in front.</summary>
    internal Waiter? Waiters { get; set; }

    /// <summary>True once nobody waits for servers any more.</summary>
    internal bool IsOver { get; private set; }

    internal PendingQuery? Older { get; set; }

    internal PendingQuery? Newer { get; set; }

    /// <summary>Cancelled when it gives way to others. Good also when it is over.</summary>
    internal CancellationToken Cancellation { get; }

    /// <summary>Has a stale answer given after a while (RFC 8767 section 5), though servers go on being asked.</summary>
    internal void ArmStale(Reactor reactor, int milliseconds)
    {
        if (_timer is not null)
            return;
        _timer = new ReactorTimer(reactor, this);
        _timer.Arm(milliseconds);
    }

    internal void End(bool cancel)
    {
        IsOver = true;
        _timer?.Release();
        if (cancel)
            _cancellation.Cancel();
        _cancellation.Dispose();
    }

    void ITimerTarget.OnTimer() => _lane.AnswerStale(this);
}
