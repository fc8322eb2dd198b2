using Gatehouse.Dns.Servers;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Resolver;

/// <summary>One question on a walk from the root.</summary>
/// <param name="Zone">The zone whose server was asked.</param>
/// <param name="Server">The server's name.</param>
/// <param name="Reply">Its answer, and how it came.</param>
/// <param name="Message">The answer, read.</param>
public sealed record WalkStep(DnsName Zone, DnsName Server, ServerReply Reply, DnsMessage Message);
