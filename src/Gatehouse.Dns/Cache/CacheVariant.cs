namespace Gatehouse.Dns.Cache;

/// <summary>What makes answers to one question differ.</summary>
[Flags]
public enum CacheVariant : byte
{
    /// <summary>A plain question.</summary>
    None = 0,

    /// <summary>DO: with signatures.</summary>
    DnssecOk = 1,

    /// <summary>CD: not validated.</summary>
    CheckingDisabled = 2,
}
