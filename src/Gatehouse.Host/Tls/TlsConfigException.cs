namespace Gatehouse.Host.Tls;

/// <summary>A configuration asks for a certificate that cannot be used; the message says which and why, a line for each.</summary>
public sealed class TlsConfigException : Exception
{
    /// <summary>A failure with that message.</summary>
    public TlsConfigException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with that message and cause.</summary>
    public TlsConfigException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A failure of an unnamed certificate.</summary>
    public TlsConfigException()
        : this("a certificate cannot be used")
    {
    }
}
