using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Gatehouse.Web;

/// <summary>Escapes values for the places of a page.</summary>
internal static class HtmlEscaping
{
    // Letters of every script stay as they are: pages are UTF-8. What has a meaning in markup does not.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly string[] Schemes = ["http", "https", "mailto", "tel"];

    /// <summary>What stands for a URL that must not be followed: it leads nowhere.</summary>
    public const string Nowhere = "about:invalid";

    public static string Text(string text) => Encoder.Encode(text);

    /// <summary>A whole URL: as it is when it is relative or of a harmless scheme, else nowhere.</summary>
    public static string Url(string url) => Encoder.Encode(IsHarmless(url) ? url.Trim() : Nowhere);

    /// <summary>A part of a path or query: percent-encoded.</summary>
    public static string UrlPart(string part) => Encoder.Encode(Uri.EscapeDataString(part));

    /// <summary>
    /// True for a URL without a scheme, or with a harmless one. Browsers drop tabs and line ends anywhere, and controls and spaces in front (WHATWG URL standard), so a
    /// URL with controls is never harmless.
    /// </summary>
    public static bool IsHarmless(string url)
    {
        var trimmed = url.AsSpan().Trim(' ');
        foreach (var c in trimmed)
        {
            if (char.IsControl(c))
                return false;
        }
        var colon = trimmed.IndexOf(':');
        if (colon < 0 || trimmed[..colon].ContainsAny("/?#"))
            return true;
        foreach (var scheme in Schemes)
        {
            if (trimmed[..colon].Equals(scheme, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
