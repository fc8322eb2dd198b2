namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>How a blocked name is answered.</summary>
internal enum BlockAnswer
{
    /// <summary>There is no such name.</summary>
    NXDomain,

    /// <summary>It has the addresses 0.0.0.0 and ::.</summary>
    Zero,

    /// <summary>The query is refused.</summary>
    Refused,
}
