using System.Text;

namespace Gatehouse.Http.Forms;

/// <summary>The charset parameter of a text part (RFC 7578 section 4.5).</summary>
internal static class FormCharset
{
    private const int MaxName = 40;

    /// <summary>The encoding of that name; UTF-8 for none, for US-ASCII, which it contains, and for one that nobody knows.</summary>
    public static Encoding Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > MaxName || Ascii.EqualsIgnoreCase(name, "utf-8"u8) || Ascii.EqualsIgnoreCase(name, "us-ascii"u8))
            return Encoding.UTF8;
        var text = Encoding.Latin1.GetString(name);
        if (Encoding.Latin1.WebName.Equals(text, StringComparison.OrdinalIgnoreCase))
            return Encoding.Latin1;
        return CodePagesEncodingProvider.Instance.GetEncoding(text) ?? Encoding.UTF8;
    }
}
