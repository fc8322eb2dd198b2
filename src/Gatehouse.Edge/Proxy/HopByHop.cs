using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Proxy;

/// <summary>Which fields speak of one connection only and must not pass a proxy (RFC 9110 section 7.6.1).</summary>
public static class HopByHop
{
    private static readonly bool[] Always = BuildTable();

    /// <summary>True for a field that never passes.</summary>
    public static bool IsAlways(KnownHeader known) => Always[(int)known];

    /// <summary>True when <paramref name="name"/> is listed in the Connection field <paramref name="options"/>.</summary>
    public static bool IsNominated(ReadOnlySpan<byte> options, ReadOnlySpan<byte> name)
    {
        while (!options.IsEmpty)
        {
            var comma = options.IndexOf((byte)',');
            var option = (comma < 0 ? options : options[..comma]).Trim(" \t"u8);
            if (Ascii.EqualsIgnoreCase(option, name))
                return true;
            options = comma < 0 ? default : options[(comma + 1)..];
        }
        return false;
    }

    /// <summary>True when the Connection field names something besides what a connection itself understands, so that fields must be looked up in it.</summary>
    public static bool Nominates(ReadOnlySpan<byte> options) =>
        !Ascii.EqualsIgnoreCase(options, "keep-alive"u8) && !Ascii.EqualsIgnoreCase(options, "close"u8) && !Ascii.EqualsIgnoreCase(options, "upgrade"u8);

    private static bool[] BuildTable()
    {
        var table = new bool[KnownHeaders.Count];
        foreach (var known in (ReadOnlySpan<KnownHeader>)[
            KnownHeader.Connection,
            KnownHeader.KeepAlive,
            KnownHeader.ProxyConnection,
            KnownHeader.ProxyAuthenticate,
            KnownHeader.ProxyAuthorization,
            KnownHeader.TE,
            KnownHeader.Trailer,
            KnownHeader.TransferEncoding,
            KnownHeader.Upgrade,
        ])
            table[(int)known] = true;
        return table;
    }
}
