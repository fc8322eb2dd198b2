using System.Collections.Frozen;
using System.Text;

namespace Gatehouse.Http.Content;

/// <summary>Media types by file extension, and which of them shrink when compressed. The table is IANA's registrations for what web servers serve.</summary>
public static class MediaTypes
{
    // Fifteen bytes hold the longest extension of the table, so that a lookup hashes two machine words and compares nothing else.
    private const int MaxExtension = 15;
    private static readonly byte[] DefaultType = "application/octet-stream"u8.ToArray();
    private static readonly FrozenDictionary<UInt128, byte[]> ByExtension = Build();

    /// <summary><c>application/octet-stream</c>: what a file of an unknown extension is.</summary>
    public static byte[] Default => DefaultType;

    /// <summary>
    /// The Content-Type of a file by the extension of its name, with <c>charset=utf-8</c> for text; <see cref="Default"/> when the extension is unknown or
    /// missing. The array is shared and must not be changed.
    /// </summary>
    public static byte[] OfFile(ReadOnlySpan<byte> path)
    {
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        var dot = name.LastIndexOf((byte)'.');
        return dot >= 0 ? OfExtension(name[(dot + 1)..]) : DefaultType;
    }

    /// <summary>The Content-Type for an extension without its dot, in any case.</summary>
    public static byte[] OfExtension(ReadOnlySpan<byte> extension) =>
        extension.Length is > 0 and <= MaxExtension && ByExtension.TryGetValue(Key(extension), out var type) ? type : DefaultType;

    /// <summary>
    /// True for a Content-Type whose content usually shrinks: text, and formats that are text or plain tables inside. Media, archives and fonts that are packed
    /// already are not.
    /// </summary>
    public static bool IsCompressible(ReadOnlySpan<byte> contentType)
    {
        if (!MediaType.TryParse(contentType, out var type))
            return false;
        if (Ascii.EqualsIgnoreCase(type.Type, "text"u8))
            return true;
        if (EndsWith(type.Subtype, "+xml"u8) || EndsWith(type.Subtype, "+json"u8) || EndsWith(type.Subtype, "+text"u8))
            return true;
        foreach (var known in Compressible)
        {
            if (type.Is(known))
                return true;
        }
        return false;
    }

    private static readonly byte[][] Compressible =
    [
        .. new[]
        {
            "application/json", "application/javascript", "application/x-javascript", "application/xml", "application/wasm", "application/x-ndjson",
            "application/jsonl", "application/json-seq", "application/graphql", "application/sql", "application/yaml", "application/toml", "application/rtf",
            "application/x-sh", "application/x-httpd-php", "application/vnd.ms-fontobject", "application/x-font-ttf", "application/x-tar",
            "font/ttf", "font/otf", "font/collection", "image/bmp", "image/vnd.microsoft.icon", "image/x-icon", "model/obj", "model/stl", "model/gltf-binary",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    private static bool EndsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> suffix) =>
        text.Length > suffix.Length && Ascii.EqualsIgnoreCase(text[^suffix.Length..], suffix);

    private static UInt128 Key(ReadOnlySpan<byte> extension)
    {
        // The leading one tells extensions apart that start with NUL bytes.
        var key = UInt128.One;
        foreach (var b in extension)
            key = (key << 8) | (b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b);
        return key;
    }

    private static FrozenDictionary<UInt128, byte[]> Build()
    {
        var table = new Dictionary<UInt128, byte[]>();
        foreach (var line in MediaTypeTable.Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var value = Encoding.ASCII.GetBytes(IsText(words[0]) ? words[0] + "; charset=utf-8" : words[0]);
            foreach (var extension in words.AsSpan(1))
                table.Add(Key(Encoding.ASCII.GetBytes(extension)), value);
        }
        return table.ToFrozenDictionary();
    }

    // A charset only where the type defines one or browsers honour it; JSON has none by RFC 8259, yet old clients guess without it.
    private static bool IsText(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("xml", StringComparison.Ordinal) || type.EndsWith("json", StringComparison.Ordinal)
        || type is "application/javascript" or "application/yaml" or "application/toml" or "application/sql" or "application/jsonl";
}
