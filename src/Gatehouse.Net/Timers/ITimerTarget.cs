namespace Gatehouse.Net.Timers;

/// <summary>Who is told when a <see cref="ReactorTimer"/> is due.</summary>
public interface ITimerTarget
{
    /// <summary>The timer is due. It is disarmed and may be armed again from here.</summary>
    void OnTimer();
}
