using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Data;

/// <summary>A host and port of a service (RFC 2782).</summary>
public readonly ref struct DnsSrv
{
    /// <summary>The lowest is tried first.</summary>
    public ushort Priority { get; private init; }

    /// <summary>Its share among those of one priority.</summary>
    public ushort Weight { get; private init; }

    /// <summary>The port.</summary>
    public ushort Port { get; private init; }

    /// <summary>The host; the root for none.</summary>
    public DnsNameSpan Target { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsSrv value)
    {
        value = default;
        if (!data.TryReadUInt16(out var priority)
            || !data.TryReadUInt16(out var weight)
            || !data.TryReadUInt16(out var port)
            || !data.TryReadName(out var target)
            || !data.IsAtEnd)
            return false;
        value = new DnsSrv
        {
            Priority = priority,
            Weight = weight,
            Port = port,
            Target = target,
        };
        return true;
    }
}
