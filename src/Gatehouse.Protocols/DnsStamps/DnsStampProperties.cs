namespace Gatehouse.Protocols.DnsStamps;

/// <summary>What a server says of itself in its stamp; further bits are kept as they are.</summary>
[Flags]
public enum DnsStampProperties : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It validates DNSSEC.</summary>
    Dnssec = 1,

    /// <summary>It keeps no logs.</summary>
    NoLog = 2,

    /// <summary>It blocks no names.</summary>
    NoFilter = 4,
}
