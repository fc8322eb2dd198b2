using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Resolver;

/// <summary>What a host's name stands for.</summary>
/// <param name="Addresses">Its addresses, the one to try first in front.</param>
/// <param name="Name">The name under which they were found: with a search domain, and behind aliases.</param>
/// <param name="TimeToLive">Seconds for which they may be kept.</param>
/// <param name="Source">Who answered.</param>
public sealed record HostLookup(IReadOnlyList<IpAddress> Addresses, DnsName Name, uint TimeToLive, LookupSource Source);
