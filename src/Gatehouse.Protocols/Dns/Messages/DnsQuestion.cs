using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Protocols.Dns.Messages;

/// <summary>A question as a value.</summary>
/// <param name="Name">The name that is asked for.</param>
/// <param name="Type">The type that is asked for.</param>
/// <param name="Class">The class that is asked for.</param>
public readonly record struct DnsQuestion(DnsName Name, DnsType Type, DnsClass Class = DnsClass.IN)
{
    /// <summary>Name, class and type.</summary>
    public override string ToString() => $"{Name} {DnsTypeNames.NameOf(Class)} {DnsTypeNames.NameOf(Type)}";
}
