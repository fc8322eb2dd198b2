namespace Gatehouse.Dns.Forwarder.Names;

/// <summary>What becomes of a query for a name.</summary>
internal enum NameDecision
{
    /// <summary>Others are asked.</summary>
    Forward,

    /// <summary>It is answered here.</summary>
    Local,

    /// <summary>It is on a list.</summary>
    Block,
}
