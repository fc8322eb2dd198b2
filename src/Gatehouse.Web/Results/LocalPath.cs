using System.Text;

namespace Gatehouse.Web;

/// <summary>Tells a path of this site from what a browser would take for another site.</summary>
internal static class LocalPath
{
    /// <summary>
    /// True for a path that begins with one slash: browsers take <c>//host</c> and <c>/\host</c> for another site, and drop tabs and line ends before they look
    /// (WHATWG URL standard, basic URL parser).
    /// </summary>
    public static bool IsLocal(string? path)
    {
        if (path is not ['/', ..] || path is ['/', '/' or '\\', ..])
            return false;
        foreach (var c in path)
        {
            if (char.IsControl(c) || c == '\\')
                return false;
        }
        return true;
    }

    /// <summary>The path with what is no ASCII percent-encoded, for a field of a head.</summary>
    public static string Ascii(string path)
    {
        if (System.Text.Ascii.IsValid(path))
            return path;
        var ascii = new StringBuilder(path.Length * 2);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in path.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                ascii.Append((char)rune.Value);
                continue;
            }
            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
                ascii.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return ascii.ToString();
    }
}
