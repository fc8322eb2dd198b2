using Gatehouse.Dns.Forwarder.Settings;

namespace Gatehouse.Config.Dns;

/// <summary><c>dns</c> at the top level: a name server that forwards.</summary>
public sealed class DnsSection() : Section<DnsConfig>("dns", "A name server that forwards: cache, local names, block lists; over UDP, TCP, TLS, HTTPS and DNSCrypt");
