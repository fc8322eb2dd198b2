using Gatehouse.Dns.Forwarder.Settings;
using Gatehouse.Net.Tls;

namespace Gatehouse.Dns.Forwarder;

/// <summary>What a forwarder is to be.</summary>
/// <param name="Config">The settings.</param>
/// <param name="Tls">The certificates for DNS over TLS; null when nothing listens for it.</param>
/// <param name="Log">The query log; null for none.</param>
public sealed record ForwarderSetup(DnsConfig Config, TlsServer? Tls, IQueryLog? Log);
