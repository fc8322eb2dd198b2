namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>How a client asks.</summary>
internal enum ClientKind
{
    Udp,
    Tcp,
    Tls,
    Https,
    DnsCryptUdp,
    DnsCryptTcp,
}
