namespace Gatehouse.Net.Processes;

/// <summary>Numbers of signals, which Linux's architectures share.</summary>
public static class Signals
{
    /// <summary>SIGHUP.</summary>
    public const int HangUp = 1;

    /// <summary>SIGKILL, which cannot be caught.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM, a request to end.</summary>
    public const int Terminate = 15;
}
