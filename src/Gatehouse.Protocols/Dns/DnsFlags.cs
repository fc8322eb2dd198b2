namespace Gatehouse.Protocols.Dns;

/// <summary>The bits of a message's header (RFC 1035 section 4.1.1, RFC 4035 section 3).</summary>
[Flags]
public enum DnsFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>QR: it is a response.</summary>
    Response = 0x8000,

    /// <summary>AA: the server is an authority for the name.</summary>
    Authoritative = 0x0400,

    /// <summary>TC: it was cut to the size that the transport allows.</summary>
    Truncated = 0x0200,

    /// <summary>RD: the server shall ask others.</summary>
    RecursionDesired = 0x0100,

    /// <summary>RA: the server asks others.</summary>
    RecursionAvailable = 0x0080,

    /// <summary>AD: the server has validated the answer; in a query: the client wants to know.</summary>
    AuthenticData = 0x0020,

    /// <summary>CD: the server shall not validate.</summary>
    CheckingDisabled = 0x0010,
}
