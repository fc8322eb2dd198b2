namespace Gatehouse.Dns.Resolver;

/// <summary>Who answered.</summary>
public enum LookupSource
{
    /// <summary>The text was an address.</summary>
    Literal,

    /// <summary>The name means this machine (RFC 6761 section 6.3).</summary>
    Loopback,

    /// <summary>The hosts file.</summary>
    Hosts,

    /// <summary>The cache.</summary>
    Cache,

    /// <summary>The cache, with an answer whose time is over, since no server answered (RFC 8767).</summary>
    StaleCache,

    /// <summary>A name server.</summary>
    Server,
}
