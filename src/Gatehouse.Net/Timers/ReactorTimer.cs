using Gatehouse.Net.Reactors;

namespace Gatehouse.Net.Timers;

/// <summary>
/// One deadline on a reactor's timer wheel. Arming again is a store: the wheel looks when the old deadline comes and moves the timer on, so a
/// connection that re-arms for each request costs nothing. Due within one tick (16 ms) after the deadline. On the reactor's thread only.
/// </summary>
public sealed class ReactorTimer
{
    private const long Never = long.MaxValue;

    // Deadlines beyond some 146 million years are as good as that one, and the sum with the clock does not overflow.
    private const long Longest = long.MaxValue / 2;

    /// <summary>Makes a disarmed timer.</summary>
    public ReactorTimer(Reactor reactor, ITimerTarget target)
    {
        Reactor = reactor;
        Target = target;
    }

    /// <summary>The reactor it lives on.</summary>
    public Reactor Reactor { get; }

    internal ITimerTarget Target { get; }

    /// <summary>True between <see cref="Arm"/> and its deadline or <see cref="Disarm"/>.</summary>
    public bool IsArmed => Deadline != Never;

    /// <summary>Milliseconds of <see cref="Reactor.Now"/>, or never.</summary>
    internal long Deadline { get; private set; } = Never;

    /// <summary>The tick at which the wheel looks at it; -1 while it is not on the wheel.</summary>
    internal long Tick { get; set; } = -1;

    internal ReactorTimer? Previous { get; set; }

    internal ReactorTimer? Next { get; set; }

    /// <summary>Sets the deadline <paramref name="milliseconds"/> from <see cref="Reactor.Now"/>, replacing an earlier one.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="milliseconds"/> is negative.</exception>
    public void Arm(long milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds);
        var deadline = Reactor.Now + Math.Min(milliseconds, Longest);
        Deadline = deadline;
        if (Tick < 0 || deadline < TimerWheel.TickStart(Tick))
            Reactor.Wheel.Place(this);
    }

    /// <summary>Forgets the deadline: a store, so the wheel still knows the timer for up to four seconds. See <see cref="Release"/>.</summary>
    public void Disarm() => Deadline = Never;

    /// <summary>Forgets the deadline and leaves the wheel at once, so that it does not keep a target that has ended from the collector.</summary>
    public void Release()
    {
        Deadline = Never;
        if (Tick >= 0)
            Reactor.Wheel.Take(this);
    }
}
