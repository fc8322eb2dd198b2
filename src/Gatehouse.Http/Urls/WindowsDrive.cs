namespace Gatehouse.Http.Urls;

/// <summary>Windows drive letters in the path of a file URL (WHATWG URL standard, section 4.2), which parse alike on every system.</summary>
internal static class WindowsDrive
{
    /// <summary>A letter and a colon, or the vertical bar that old browsers wrote for it.</summary>
    public static bool Is(ReadOnlySpan<char> text) => text.Length == 2 && char.IsAsciiLetter(text[0]) && text[1] is ':' or '|';

    /// <summary>A letter and a colon.</summary>
    public static bool IsNormalized(ReadOnlySpan<char> text) => text.Length == 2 && char.IsAsciiLetter(text[0]) && text[1] == ':';

    /// <summary>A drive letter alone or with a separator behind it.</summary>
    public static bool Starts(ReadOnlySpan<char> text) => text.Length >= 2 && Is(text[..2]) && (text.Length == 2 || text[2] is '/' or '\\' or '?' or '#');
}
