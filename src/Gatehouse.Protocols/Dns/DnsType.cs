namespace Gatehouse.Protocols.Dns;

/// <summary>Types of records, by their names in IANA's registry. Values that are not named here are types too (RFC 3597).</summary>
public enum DnsType : ushort
{
    /// <summary>No type.</summary>
    None = 0,

    /// <summary>An IPv4 address (RFC 1035 section 3.4.1).</summary>
    A = 1,

    /// <summary>A name server of a zone (RFC 1035 section 3.3.11).</summary>
    NS = 2,

    /// <summary>The name that an alias stands for (RFC 1035 section 3.3.1).</summary>
    CNAME = 5,

    /// <summary>The start of a zone (RFC 1035 section 3.3.13).</summary>
    SOA = 6,

    /// <summary>A name that an address, or a service, points to (RFC 1035 section 3.3.12).</summary>
    PTR = 12,

    /// <summary>Host information; the short answer to ANY (RFC 8482).</summary>
    HINFO = 13,

    /// <summary>A mail exchange (RFC 1035 section 3.3.9).</summary>
    MX = 15,

    /// <summary>Strings (RFC 1035 section 3.3.14).</summary>
    TXT = 16,

    /// <summary>A responsible person (RFC 1183).</summary>
    RP = 17,

    /// <summary>A server of an AFS cell (RFC 1183).</summary>
    AFSDB = 18,

    /// <summary>An IPv6 address (RFC 3596).</summary>
    AAAA = 28,

    /// <summary>A place on earth (RFC 1876).</summary>
    LOC = 29,

    /// <summary>A host and port of a service (RFC 2782).</summary>
    SRV = 33,

    /// <summary>A rule of rewriting (RFC 3403).</summary>
    NAPTR = 35,

    /// <summary>The name that a whole subtree stands for (RFC 6672).</summary>
    DNAME = 39,

    /// <summary>What a message itself says (EDNS, RFC 6891); not data of a zone.</summary>
    OPT = 41,

    /// <summary>The digest of a child zone's key (RFC 4034 section 5).</summary>
    DS = 43,

    /// <summary>The fingerprint of an SSH host key (RFC 4255).</summary>
    SSHFP = 44,

    /// <summary>A signature over records (RFC 4034 section 3).</summary>
    RRSIG = 46,

    /// <summary>The next name of a zone and the types of this one (RFC 4034 section 4).</summary>
    NSEC = 47,

    /// <summary>A key of a zone (RFC 4034 section 2).</summary>
    DNSKEY = 48,

    /// <summary>The next hashed name of a zone (RFC 5155).</summary>
    NSEC3 = 50,

    /// <summary>How a zone's names are hashed (RFC 5155 section 4).</summary>
    NSEC3PARAM = 51,

    /// <summary>A certificate of a TLS server (RFC 6698).</summary>
    TLSA = 52,

    /// <summary>A certificate of a mail user (RFC 8162).</summary>
    SMIMEA = 53,

    /// <summary>The DS that a child asks its parent for (RFC 7344).</summary>
    CDS = 59,

    /// <summary>The DNSKEY that a child asks its parent to refer to (RFC 7344).</summary>
    CDNSKEY = 60,

    /// <summary>An OpenPGP key (RFC 7929).</summary>
    OPENPGPKEY = 61,

    /// <summary>What a child asks its parent to copy (RFC 7477).</summary>
    CSYNC = 62,

    /// <summary>The digest of a zone (RFC 8976).</summary>
    ZONEMD = 63,

    /// <summary>How a service is reached (RFC 9460).</summary>
    SVCB = 64,

    /// <summary>How an HTTPS origin is reached (RFC 9460).</summary>
    HTTPS = 65,

    /// <summary>Strings, once meant for SPF (RFC 7208 section 3.1).</summary>
    SPF = 99,

    /// <summary>A question for what changed in a zone (RFC 1995).</summary>
    IXFR = 251,

    /// <summary>A question for a whole zone (RFC 5936).</summary>
    AXFR = 252,

    /// <summary>A question for any type (RFC 1035 section 3.2.3).</summary>
    ANY = 255,

    /// <summary>The URI of a service (RFC 7553).</summary>
    URI = 256,

    /// <summary>Which authorities may issue certificates for a name (RFC 8659).</summary>
    CAA = 257,
}
