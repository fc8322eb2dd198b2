using System.Text;

namespace Gatehouse.Protocols.Headers;

/// <summary>From the bytes of a field name to its <see cref="KnownHeader"/> and back.</summary>
public static class KnownHeaders
{
    /// <summary>How many values <see cref="KnownHeader"/> has, <see cref="KnownHeader.None"/> included.</summary>
    public const int Count = (int)KnownHeader.XSendfile + 1;

    // Open addressing over a hash of length, first and last byte: a lookup compares one name, rarely two.
    private const int TableSize = 512;
    private static readonly byte[][] Names = BuildNames();
    private static readonly byte[] Table = BuildTable();

    /// <summary>The name in its customary spelling, such as <c>Content-Type</c>; empty for <see cref="KnownHeader.None"/>.</summary>
    public static ReadOnlySpan<byte> Name(KnownHeader header) => Names[(int)header];

    /// <summary>The known field of that name in any case (RFC 9110 section 5.1), or <see cref="KnownHeader.None"/>.</summary>
    public static KnownHeader Find(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > 32)
            return KnownHeader.None;
        var slot = Hash(name);
        byte candidate;
        while ((candidate = Table[slot]) != 0)
        {
            var known = Names[candidate];
            if (known.Length == name.Length && Ascii.EqualsIgnoreCase(known, name))
                return (KnownHeader)candidate;
            slot = (slot + 1) & (TableSize - 1);
        }
        return KnownHeader.None;
    }

    private static int Hash(ReadOnlySpan<byte> name) =>
        ((name.Length * 73) ^ ((name[0] | 0x20) * 157) ^ ((name[^1] | 0x20) * 31) ^ ((name[name.Length >> 1] | 0x20) * 7)) & (TableSize - 1);

    private static byte[] BuildTable()
    {
        var table = new byte[TableSize];
        for (var i = 1; i < Count; i++)
        {
            var slot = Hash(Names[i]);
            while (table[slot] != 0)
                slot = (slot + 1) & (TableSize - 1);
            table[slot] = (byte)i;
        }
        return table;
    }

    private static byte[][] BuildNames()
    {
        var names = new byte[Count][];
        names[0] = [];
        for (var i = 1; i < Count; i++)
            names[i] = Encoding.ASCII.GetBytes(Spell((KnownHeader)i));
        return names;
    }

    // ContentType becomes Content-Type; the few names with a spelling of their own are listed.
    private static string Spell(KnownHeader header) => header switch
    {
        KnownHeader.ETag => "ETag",
        KnownHeader.TE => "TE",
        KnownHeader.CdnLoop => "CDN-Loop",
        KnownHeader.WwwAuthenticate => "WWW-Authenticate",
        KnownHeader.SecWebSocketAccept => "Sec-WebSocket-Accept",
        KnownHeader.SecWebSocketKey => "Sec-WebSocket-Key",
        KnownHeader.SecWebSocketProtocol => "Sec-WebSocket-Protocol",
        KnownHeader.SecWebSocketVersion => "Sec-WebSocket-Version",
        KnownHeader.XRealIp => "X-Real-IP",
        KnownHeader.XRequestId => "X-Request-ID",
        KnownHeader.XSendfile => "X-Sendfile",
        _ => Hyphenate(header.ToString()),
    };

    private static string Hyphenate(string pascal)
    {
        var text = new StringBuilder(pascal.Length + 4);
        foreach (var c in pascal)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
                text.Append('-');
            text.Append(c);
        }
        return text.ToString();
    }
}
