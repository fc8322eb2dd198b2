using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Messages;

/// <summary>A question inside a message (RFC 1035 section 4.1.2).</summary>
public readonly ref struct DnsQuestionSpan
{
    internal DnsQuestionSpan(DnsNameSpan name, DnsType type, DnsClass @class)
    {
        Name = name;
        Type = type;
        Class = @class;
    }

    /// <summary>The name that is asked for.</summary>
    public DnsNameSpan Name { get; }

    /// <summary>The type that is asked for.</summary>
    public DnsType Type { get; }

    /// <summary>The class that is asked for.</summary>
    public DnsClass Class { get; }
}
