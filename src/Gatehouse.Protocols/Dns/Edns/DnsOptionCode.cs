namespace Gatehouse.Protocols.Dns.Edns;

/// <summary>Options of the OPT record, by IANA's registry.</summary>
public enum DnsOptionCode : ushort
{
    /// <summary>NSID: which server answered (RFC 5001).</summary>
    ServerId = 3,

    /// <summary>The client's network (RFC 7871).</summary>
    ClientSubnet = 8,

    /// <summary>A cookie (RFC 7873).</summary>
    Cookie = 10,

    /// <summary>How long a connection may be idle (RFC 7828).</summary>
    KeepAlive = 11,

    /// <summary>Zeros, so that lengths tell less (RFC 7830).</summary>
    Padding = 12,

    /// <summary>Why an answer is what it is (RFC 8914).</summary>
    ExtendedError = 15,
}
