namespace Gatehouse.Dns;

/// <summary>A name was not found out about; says why.</summary>
public sealed class DnsException : IOException
{
    /// <summary>A failure of that kind.</summary>
    public DnsException(DnsFault fault, string message)
        : base(message) => Fault = fault;

    /// <summary>A failure of that kind.</summary>
    public DnsException(DnsFault fault, string message, Exception innerException)
        : base(message, innerException) => Fault = fault;

    /// <summary>A failure of the network.</summary>
    public DnsException()
        : this(DnsFault.Network, "the name servers were not reached")
    {
    }

    /// <summary>A failure of the network.</summary>
    public DnsException(string message)
        : this(DnsFault.Network, message)
    {
    }

    /// <summary>A failure of the network.</summary>
    public DnsException(string message, Exception innerException)
        : this(DnsFault.Network, message, innerException)
    {
    }

    /// <summary>The kind of failure.</summary>
    public DnsFault Fault { get; }
}
