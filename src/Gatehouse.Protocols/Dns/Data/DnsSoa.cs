using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Data;

/// <summary>The start of a zone (RFC 1035 section 3.3.13).</summary>
public readonly ref struct DnsSoa
{
    /// <summary>MNAME: the server that the zone's data comes from.</summary>
    public DnsNameSpan PrimaryServer { get; private init; }

    /// <summary>RNAME: who answers for the zone.</summary>
    public DnsNameSpan Mailbox { get; private init; }

    /// <summary>The version of the zone.</summary>
    public uint Serial { get; private init; }

    /// <summary>Seconds after which secondaries look again.</summary>
    public uint Refresh { get; private init; }

    /// <summary>Seconds after which they try again when that failed.</summary>
    public uint Retry { get; private init; }

    /// <summary>Seconds after which what they have is void.</summary>
    public uint Expire { get; private init; }

    /// <summary>Seconds for which a negative answer may be kept (RFC 2308 section 4).</summary>
    public uint Minimum { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsSoa value)
    {
        value = default;
        if (!data.TryReadName(out var primaryServer)
            || !data.TryReadName(out var mailbox)
            || !data.TryReadUInt32(out var serial)
            || !data.TryReadUInt32(out var refresh)
            || !data.TryReadUInt32(out var retry)
            || !data.TryReadUInt32(out var expire)
            || !data.TryReadUInt32(out var minimum)
            || !data.IsAtEnd)
            return false;
        value = new DnsSoa
        {
            PrimaryServer = primaryServer,
            Mailbox = mailbox,
            Serial = serial,
            Refresh = refresh,
            Retry = retry,
            Expire = expire,
            Minimum = minimum,
        };
        return true;
    }
}
