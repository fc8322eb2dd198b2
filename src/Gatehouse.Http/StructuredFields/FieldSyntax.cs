using System.Buffers;

namespace Gatehouse.Http.StructuredFields;

/// <summary>The character sets that parsing and serialising share (RFC 9651 sections 3.1.2 and 3.3.4).</summary>
internal static class FieldSyntax
{
    // key = ( lcalpha / "*" ) *( lcalpha / DIGIT / "_" / "-" / "." / "*" )
    private static readonly SearchValues<byte> KeyStart = SearchValues.Create("abcdefghijklmnopqrstuvwxyz*"u8);
    private static readonly SearchValues<byte> KeyRest = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.*"u8);

    // sf-token = ( ALPHA / "*" ) *( tchar / ":" / "/" )
    private static readonly SearchValues<byte> TokenStart = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz*"u8);
    private static readonly SearchValues<byte> TokenRest =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~:/"u8);

    /// <summary>The length of the key at the start, 0 when there is none.</summary>
    public static int KeyLength(ReadOnlySpan<byte> text) => Length(text, KeyStart, KeyRest);

    /// <summary>The length of the token at the start, 0 when there is none.</summary>
    public static int TokenLength(ReadOnlySpan<byte> text) => Length(text, TokenStart, TokenRest);

    /// <summary>True for a key and nothing else.</summary>
    public static bool IsKey(ReadOnlySpan<byte> text) => text.Length > 0 && KeyLength(text) == text.Length;

    /// <summary>True for a token and nothing else.</summary>
    public static bool IsToken(ReadOnlySpan<byte> text) => text.Length > 0 && TokenLength(text) == text.Length;

    private static int Length(ReadOnlySpan<byte> text, SearchValues<byte> start, SearchValues<byte> rest)
    {
        if (text.IsEmpty || !start.Contains(text[0]))
            return 0;
        var length = text[1..].IndexOfAnyExcept(rest);
        return length < 0 ? text.Length : length + 1;
    }
}
