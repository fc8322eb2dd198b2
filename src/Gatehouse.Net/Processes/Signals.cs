using Gatehouse.Net.Interop;

namespace Gatehouse.Net.Processes;

/// <summary>Numbers of signals, which Linux's architectures share.</summary>
public static class Signals
{
    /// <summary>
    /// Sends a signal to a process group that this process has not started. The caller knows that the number is still the group's own: its leader has not been
    /// waited for.
    /// </summary>
    public static void SendToGroup(int group, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(group, 2);
        _ = ProcessCalls.SignalGroup(group, signal);
    }

    /// <summary>SIGHUP.</summary>
    public const int HangUp = 1;

    /// <summary>SIGKILL, which cannot be caught.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM, a request to end.</summary>
    public const int Terminate = 15;
}
