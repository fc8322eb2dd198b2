namespace Gatehouse.Protocols.Dns;

/// <summary>Response codes (RFC 6895 section 2.3); those above 15 need EDNS for their upper bits.</summary>
public enum DnsRcode : ushort
{
    /// <summary>No error; the answer may still be empty.</summary>
    NoError = 0,

    /// <summary>The server could not read the query.</summary>
    FormErr = 1,

    /// <summary>The server failed.</summary>
    ServFail = 2,

    /// <summary>There is no such name.</summary>
    NXDomain = 3,

    /// <summary>The server does not do this.</summary>
    NotImp = 4,

    /// <summary>The server does not want to.</summary>
    Refused = 5,

    /// <summary>A name exists that should not.</summary>
    YXDomain = 6,

    /// <summary>Records exist that should not.</summary>
    YXRRSet = 7,

    /// <summary>Records that should exist do not.</summary>
    NXRRSet = 8,

    /// <summary>The server is not authoritative, or the query not authorised.</summary>
    NotAuth = 9,

    /// <summary>A name is not in the zone.</summary>
    NotZone = 10,

    /// <summary>The version of EDNS is not known (RFC 6891).</summary>
    BadVers = 16,

    /// <summary>The cookie is missing or wrong (RFC 7873).</summary>
    BadCookie = 23,
}
