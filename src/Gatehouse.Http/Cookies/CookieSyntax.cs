using System.Buffers;
using System.Text;

namespace Gatehouse.Http.Cookies;

/// <summary>The character classes and sizes that both sides of RFC 6265bis share.</summary>
internal static class CookieSyntax
{
    /// <summary>Bytes of name and value together; a user agent ignores a longer cookie (RFC 6265bis section 5.6).</summary>
    public const int MaxNameAndValue = 4096;

    /// <summary>Bytes of an attribute's value; a user agent ignores a longer attribute (RFC 6265bis section 5.6).</summary>
    public const int MaxAttributeValue = 1024;

    // %x00-08 / %x0A-1F / %x7F: CTL without HTAB.
    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    public static bool HasControl(ReadOnlySpan<byte> text) => text.ContainsAny(Controls);

    /// <summary>Without WSP (SP and HTAB) at either end.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    /// <summary>Splits at the first equals sign and trims both sides. Without one, all is in <paramref name="before"/> and the answer is false.</summary>
    public static bool Split(ReadOnlySpan<byte> pair, out ReadOnlySpan<byte> before, out ReadOnlySpan<byte> after)
    {
        var equals = pair.IndexOf((byte)'=');
        before = Trim(equals < 0 ? pair : pair[..equals]);
        after = equals < 0 ? default : Trim(pair[(equals + 1)..]);
        return equals >= 0;
    }

    /// <summary>Takes what lies before the next semicolon off <paramref name="rest"/>.</summary>
    public static ReadOnlySpan<byte> TakeUntilSemicolon(scoped ref ReadOnlySpan<byte> rest)
    {
        var semicolon = rest.IndexOf((byte)';');
        var taken = semicolon < 0 ? rest : rest[..semicolon];
        rest = semicolon < 0 ? default : rest[(semicolon + 1)..];
        return taken;
    }

    public static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.Length >= prefix.Length && Ascii.EqualsIgnoreCase(text[..prefix.Length], prefix);

    /// <summary>Name prefix "__Secure-", in any case as user agents compare it.</summary>
    public static bool HasSecurePrefix(ReadOnlySpan<byte> name) => StartsWithIgnoreCase(name, "__Secure-"u8);

    /// <summary>Name prefix "__Host-", in any case as user agents compare it.</summary>
    public static bool HasHostPrefix(ReadOnlySpan<byte> name) => StartsWithIgnoreCase(name, "__Host-"u8);
}
