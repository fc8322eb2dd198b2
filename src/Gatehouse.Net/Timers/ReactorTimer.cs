using Gatehouse.Net.Reactors;

namespace Gatehouse.Net.Timers;

/// <summary>Who is told when a <see cref="ReactorTimer"/> is due.</summary>
public interface ITimerTarget
{
    /// <summary>The timer is due. It is disarmed and may be armed again from here.</summary>
    void OnTimer();
}

/// <summary>
/// One deadline on a reactor's timer wheel. Arming again is a store: the wheel looks when the old deadline comes and moves the timer on, so a
/// connection that re-arms for each request costs nothing. Due within one tick (16 ms) after the deadline. On the reactor's thread only.
/// </summary>
public sealed class ReactorTimer
{
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
    public bool IsArmed => throw new NotImplementedException();

    /// <summary>Sets the deadline <paramref name="milliseconds"/> from <see cref="Reactor.Now"/>, replacing an earlier one.</summary>
    public void Arm(long milliseconds) => throw new NotImplementedException();

    /// <summary>Forgets the deadline.</summary>
    public void Disarm() => throw new NotImplementedException();
}
