namespace Gatehouse.Tools;

/// <summary>A tool cannot do what it was asked for; carries the exit code and a sentence for the person who asked.</summary>
public sealed class ToolException : Exception
{
    /// <summary>A failure with that exit code.</summary>
    public ToolException(int exitCode, string message)
        : base(message) => ExitCode = exitCode;

    /// <summary>A failure with that exit code.</summary>
    public ToolException(int exitCode, string message, Exception innerException)
        : base(message, innerException) => ExitCode = exitCode;

    /// <summary>A wrong call.</summary>
    public ToolException()
        : this(2, "wrong call")
    {
    }

    /// <summary>A wrong call.</summary>
    public ToolException(string message)
        : this(2, message)
    {
    }

    /// <summary>A wrong call.</summary>
    public ToolException(string message, Exception innerException)
        : this(2, message, innerException)
    {
    }

    /// <summary>The exit code of the program.</summary>
    public int ExitCode { get; }
}
