using System.Runtime.InteropServices;

namespace Gatehouse.Bench.Processes;

/// <summary>Sends the signals that <see cref="System.Diagnostics.Process"/> has no method for.</summary>
internal static partial class Signals
{
    public const int Terminate = 15;
    public const int Kill = 9;

    /// <summary>kill(2) on one process; a process that is gone already is no fault.</summary>
    public static void Send(int pid, int signal) => _ = kill(pid, signal);

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
