using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Data;

/// <summary>A rule of rewriting (RFC 3403 section 4.1).</summary>
public readonly ref struct DnsNaptr
{
    /// <summary>The lowest is looked at first.</summary>
    public ushort Order { get; private init; }

    /// <summary>The lowest of one order is looked at first.</summary>
    public ushort Preference { get; private init; }

    /// <summary>What comes after.</summary>
    public ReadOnlySpan<byte> Flags { get; private init; }

    /// <summary>The services.</summary>
    public ReadOnlySpan<byte> Services { get; private init; }

    /// <summary>The substitution.</summary>
    public ReadOnlySpan<byte> Expression { get; private init; }

    /// <summary>The name to go on with.</summary>
    public DnsNameSpan Replacement { get; private init; }

    /// <summary>Reads the data of such a record; false when it is not that.</summary>
    public static bool TryRead(DnsDataReader data, out DnsNaptr value)
    {
        value = default;
        if (!data.TryReadUInt16(out var order)
            || !data.TryReadUInt16(out var preference)
            || !data.TryReadText(out var flags)
            || !data.TryReadText(out var services)
            || !data.TryReadText(out var expression)
            || !data.TryReadName(out var replacement)
            || !data.IsAtEnd)
            return false;
        value = new DnsNaptr
        {
            Order = order,
            Preference = preference,
            Flags = flags,
            Services = services,
            Expression = expression,
            Replacement = replacement,
        };
        return true;
    }
}
