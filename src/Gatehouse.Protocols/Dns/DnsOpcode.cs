namespace Gatehouse.Protocols.Dns;

/// <summary>Kinds of queries (RFC 6895 section 2.2).</summary>
public enum DnsOpcode : byte
{
    /// <summary>A standard query.</summary>
    Query = 0,

    /// <summary>An inverse query, obsolete (RFC 3425).</summary>
    IQuery = 1,

    /// <summary>A question for the server's state.</summary>
    Status = 2,

    /// <summary>A zone has changed (RFC 1996).</summary>
    Notify = 4,

    /// <summary>A change of a zone (RFC 2136).</summary>
    Update = 5,
}
