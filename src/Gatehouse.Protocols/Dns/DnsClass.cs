namespace Gatehouse.Protocols.Dns;

/// <summary>Classes of records (RFC 1035 section 3.2.4).</summary>
public enum DnsClass : ushort
{
    /// <summary>The Internet.</summary>
    IN = 1,

    /// <summary>Chaosnet; servers tell their version under it.</summary>
    CH = 3,

    /// <summary>Hesiod.</summary>
    HS = 4,

    /// <summary>No class (RFC 2136).</summary>
    None = 254,

    /// <summary>A question for any class.</summary>
    Any = 255,
}
