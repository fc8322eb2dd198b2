namespace Gatehouse.Protocols.DnsStamps;

/// <summary>What a stamp leads to.</summary>
public enum DnsStampKind : byte
{
    /// <summary>Plain DNS over UDP and TCP.</summary>
    Plain = 0x00,

    /// <summary>DNSCrypt version 2.</summary>
    DnsCrypt = 0x01,

    /// <summary>DNS over HTTPS (RFC 8484).</summary>
    Https = 0x02,

    /// <summary>DNS over TLS (RFC 7858).</summary>
    Tls = 0x03,

    /// <summary>DNS over QUIC (RFC 9250).</summary>
    Quic = 0x04,

    /// <summary>The target of Oblivious DNS over HTTPS (RFC 9230).</summary>
    ObliviousTarget = 0x05,

    /// <summary>A relay of anonymized DNSCrypt.</summary>
    DnsCryptRelay = 0x81,

    /// <summary>A relay of Oblivious DNS over HTTPS.</summary>
    ObliviousRelay = 0x85,
}
