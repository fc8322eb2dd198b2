using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Data;

/// <summary>The next name of a zone (RFC 4034 section 4.1).</summary>
public readonly ref struct DnsNextSecure
{
    /// <summary>The next name.</summary>
    public DnsNameSpan Next { get; private init; }

    /// <summary>The types of this name; see <see cref="DnsTypeBitmap"/>.</summary>
    public ReadOnlySpan<byte> Types { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsNextSecure value)
    {
        value = default;
        if (!data.TryReadName(out var next))
            return false;
        value = new DnsNextSecure
        {
            Next = next,
            Types = data.ReadRest(),
        };
        return true;
    }
}
