namespace Gatehouse.Host;

/// <summary>An address of the configuration cannot be listened on; the message says which and why.</summary>
public sealed class ListenException : Exception
{
    /// <summary>A failure with that message.</summary>
    public ListenException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with that message and cause.</summary>
    public ListenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A failure of an unnamed address.</summary>
    public ListenException()
        : this("cannot listen")
    {
    }
}
