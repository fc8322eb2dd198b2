using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Forwarder.Names;

/// <summary>A name that is answered here.</summary>
/// <param name="name">The name; for a wildcard what stands behind its asterisk.</param>
internal sealed class LocalName(DnsName name)
{
    internal DnsName Name => name;

    /// <summary>The data of its A records, four bytes each.</summary>
    internal byte[] V4 { get; set; } = [];

    /// <summary>The data of its AAAA records, sixteen bytes each.</summary>
    internal byte[] V6 { get; set; } = [];

    /// <summary>The data of its PTR record; empty for none.</summary>
    internal byte[] Pointer { get; set; } = [];
}
