namespace Gatehouse.Net.Processes;

/// <summary>How a process ended: with an exit code, or by a signal. The default value is an end of which nothing is known.</summary>
public readonly record struct ExitStatus
{
    private ExitStatus(int code, int signal)
    {
        Code = code;
        Signal = signal;
        IsKnown = true;
    }

    /// <summary>True unless someone else has waited for the process.</summary>
    public bool IsKnown { get; }

    /// <summary>The exit code, 0 to 255; 0 when a signal ended it.</summary>
    public int Code { get; }

    /// <summary>The signal that ended it; 0 when it exited.</summary>
    public int Signal { get; }

    /// <summary>True for exit code 0.</summary>
    public bool IsSuccess => IsKnown && Code == 0 && Signal == 0;

    /// <summary>An exit with <paramref name="code"/>.</summary>
    public static ExitStatus OfCode(int code) => new(code, 0);

    /// <summary>An end by <paramref name="signal"/>.</summary>
    public static ExitStatus OfSignal(int signal) => new(0, signal);

    /// <summary>For a log: "exit code 1", "signal 9 (SIGKILL)".</summary>
    public override string ToString() => !IsKnown ? "an unknown status" : Signal == 0 ? $"exit code {Code}" : Name() is { } name ? $"signal {Signal} ({name})" : $"signal {Signal}";

    private string? Name() => Signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => null,
    };
}
