using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Resolver;

/// <summary>The addresses in an answer, behind the aliases that it has.</summary>
internal static class AnswerChain
{
    // unbound follows 11, BIND 16.
    internal const int MaxAliases = 16;

    /// <summary>Follows the aliases of an answer.</summary>
    /// <param name="message">The answer.</param>
    /// <param name="name">The name that was asked for; becomes the one at the end of the chain.</param>
    /// <param name="type">A or AAAA.</param>
    /// <param name="aliases">Aliases that were followed so far.</param>
    /// <param name="found">Takes the addresses.</param>
    /// <param name="life">Becomes the least time to live on the way.</param>
    /// <exception cref="DnsException">The aliases lead in a circle, or there are too many.</exception>
    internal static void Follow(ReadOnlySpan<byte> message, ref DnsName name, DnsType type, ref int aliases, List<IpAddress> found, ref uint life)
    {
        for (var isFurther = true; isFurther;)
        {
            isFurther = false;
            var reader = new DnsMessageReader(message);
            while (reader.TryReadRecord(out var record))
            {
                if (record.Section != DnsSection.Answer || !record.Name.Is(name))
                    continue;
                if (record.Type == type && record.TryGetAddress(out var address))
                {
                    if (!found.Contains(address))
                        found.Add(address);
                    life = Math.Min(life, DnsTimeToLive.Clamp(record.TimeToLive));
                }
                else if (record.Type == DnsType.CNAME && record.TryGetTarget(out var target))
                {
                    if (++aliases > MaxAliases)
                        throw new DnsException(DnsFault.BadReply, $"the aliases of the name lead in a circle, or there are more than {MaxAliases}: the last is {name}");
                    name = target.ToName();
                    life = Math.Min(life, DnsTimeToLive.Clamp(record.TimeToLive));
                    isFurther = true;
                    break;
                }
            }
            if (reader.Fault is { } fault)
                throw new DnsException(DnsFault.BadReply, $"the answer is malformed: {fault}");
        }
    }
}
