using System.Runtime.InteropServices;

namespace Gatehouse.Testing;

/// <summary>Signals that the tests send.</summary>
public enum PosixSignal
{
    /// <summary>Reload.</summary>
    Hup = 1,

    /// <summary>The terminal's interrupt.</summary>
    Int = 2,

    /// <summary>End at once.</summary>
    Kill = 9,

    /// <summary>Reopen the logs.</summary>
    Usr1 = 10,

    /// <summary>Replace the program.</summary>
    Usr2 = 12,

    /// <summary>Drain and end.</summary>
    Term = 15,

    /// <summary>Go on after <see cref="Stop"/>.</summary>
    Cont = 18,

    /// <summary>Hold still: a peer that hangs.</summary>
    Stop = 19,
}

/// <summary>Sends signals to one process by its id.</summary>
public static class Signals
{
    public static void Send(int processId, PosixSignal signal)
    {
        if (Kill(processId, (int)signal) != 0)
            throw new InvalidOperationException($"kill({processId}, {signal}) failed: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
