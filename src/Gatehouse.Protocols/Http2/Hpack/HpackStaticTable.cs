using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http2.Hpack;

/// <summary>The static table of RFC 7541 appendix A, from 1 to 61.</summary>
internal static class HpackStaticTable
{
    /// <summary>The last index of the static table; the dynamic table's newest entry comes next.</summary>
    public const int Last = 61;

    private static readonly (string Name, string Value)[] Rows =
    [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"), (":scheme", "http"), (":scheme", "https"),
        (":status", "200"), (":status", "204"), (":status", "206"), (":status", "304"), (":status", "400"), (":status", "404"), (":status", "500"),
        ("accept-charset", ""), ("accept-encoding", "gzip, deflate"), ("accept-language", ""), ("accept-ranges", ""), ("accept", ""),
        ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""), ("cache-control", ""), ("content-disposition", ""),
        ("content-encoding", ""), ("content-language", ""), ("content-length", ""), ("content-location", ""), ("content-range", ""), ("content-type", ""),
        ("cookie", ""), ("date", ""), ("etag", ""), ("expect", ""), ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""),
        ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""), ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""),
        ("location", ""), ("max-forwards", ""), ("proxy-authenticate", ""), ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""),
        ("retry-after", ""), ("server", ""), ("set-cookie", ""), ("strict-transport-security", ""), ("transfer-encoding", ""), ("user-agent", ""),
        ("vary", ""), ("via", ""), ("www-authenticate", ""),
    ];

    private static readonly Entry[] Entries = Build();
    private static readonly byte[] NameIndexes = BuildNameIndexes();

    /// <summary>The name at an index from 1 to <see cref="Last"/>.</summary>
    public static ReadOnlySpan<byte> Name(int index) => Entries[index].Name;

    /// <summary>The value at an index.</summary>
    public static ReadOnlySpan<byte> Value(int index) => Entries[index].Value;

    /// <summary>What the field at an index is.</summary>
    public static Http2FieldKind Kind(int index) => Entries[index].Kind;

    /// <summary>The first index with the name of that field; 0 when there is none.</summary>
    public static int NameIndex(KnownHeader known) => NameIndexes[(int)known];

    private static Entry[] Build()
    {
        var entries = new Entry[Last + 1];
        for (var i = 1; i <= Last; i++)
        {
            var name = Encoding.ASCII.GetBytes(Rows[i - 1].Name);
            entries[i] = new Entry { Name = name, Value = Encoding.ASCII.GetBytes(Rows[i - 1].Value), Kind = Http2FieldKinds.Find(name) };
        }
        return entries;
    }

    private static byte[] BuildNameIndexes()
    {
        var indexes = new byte[KnownHeaders.Count];
        for (var i = Last; i > 0; i--)
        {
            if (Http2FieldKinds.Known(Entries[i].Kind) is var known and not KnownHeader.None)
                indexes[(int)known] = (byte)i;
        }
        return indexes;
    }

    private struct Entry
    {
        public byte[] Name;
        public byte[] Value;
        public Http2FieldKind Kind;
    }
}
