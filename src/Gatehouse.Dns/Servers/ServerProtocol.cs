namespace Gatehouse.Dns.Servers;

/// <summary>How a name server is spoken to.</summary>
public enum ServerProtocol
{
    /// <summary>Datagrams, and TCP for what does not fit (RFC 1035 section 4.2.1).</summary>
    Udp,

    /// <summary>A connection (RFC 7766).</summary>
    Tcp,

    /// <summary>DNS over TLS (RFC 7858).</summary>
    Tls,

    /// <summary>DNS over HTTPS (RFC 8484).</summary>
    Https,

    /// <summary>DNSCrypt version 2.</summary>
    DnsCrypt,
}
