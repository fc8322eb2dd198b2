using System.Buffers;

namespace Gatehouse.Http.Negotiation;

/// <summary>
/// <c>quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE</c> (RFC 9110 section 5.6.4) and <c>token</c> (section 5.6.2).
/// </summary>
internal static class QuotedString
{
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Length of the token that <paramref name="text"/> starts with, 0 when it starts with none.</summary>
    public static int TokenLength(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExcept(TokenBytes);
        return end < 0 ? text.Length : end;
    }

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && TokenLength(text) == text.Length;

    /// <summary>Length of the quoted string that <paramref name="text"/> starts with, both quotes included; all of it when the string never ends.</summary>
    public static int Length(ReadOnlySpan<byte> text)
    {
        var at = 1;
        while (true)
        {
            var found = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
                return text.Length;
            at += found;
            if (text[at] == '"')
                return at + 1;
            at += 2;
            if (at > text.Length)
                return text.Length;
        }
    }

    /// <summary>True when <paramref name="text"/>, which starts with a quote, is one whole quoted string of allowed bytes.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[^1] != '"' || Length(text) != text.Length)
            return false;
        // The last quote must not be an escaped one: then Length ran out of text instead of finding an end.
        var backslashes = 0;
        while (backslashes < text.Length - 2 && text[text.Length - 2 - backslashes] == '\\')
            backslashes++;
        if ((backslashes & 1) != 0)
            return false;
        foreach (var b in text)
        {
            if ((b < 0x20 && b != '\t') || b == 0x7F)
                return false;
        }
        return true;
    }

    /// <summary>True when a token or quoted string means the same as another: quotes and escapes do not count (RFC 9110 section 5.6.6).</summary>
    public static bool SameMeaning(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, bool ignoreCase)
    {
        var a = new Unescaper(left);
        var b = new Unescaper(right);
        while (true)
        {
            var x = a.Next();
            var y = b.Next();
            if (x < 0 || y < 0)
                return x == y;
            if (x != y && !(ignoreCase && Lower(x) == Lower(y)))
                return false;
        }
    }

    /// <summary>What a token or quoted string means, without quotes and escapes. Copies only where there are escapes.</summary>
    public static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value[0] != '"')
            return value;
        var inner = value[1..^1];
        if (!inner.Contains((byte)'\\'))
            return inner;
        var copy = new byte[inner.Length];
        var reader = new Unescaper(value);
        var length = 0;
        for (int b; (b = reader.Next()) >= 0;)
            copy[length++] = (byte)b;
        return copy.AsSpan(0, length);
    }

    private static int Lower(int b) => b is >= 'A' and <= 'Z' ? b | 0x20 : b;

    private ref struct Unescaper(ReadOnlySpan<byte> value)
    {
        private readonly bool _quoted = !value.IsEmpty && value[0] == '"';
        private ReadOnlySpan<byte> _rest = !value.IsEmpty && value[0] == '"' ? value[1..^1] : value;

        public int Next()
        {
            if (_rest.IsEmpty)
                return -1;
            var at = _quoted && _rest[0] == '\\' && _rest.Length > 1 ? 1 : 0;
            int b = _rest[at];
            _rest = _rest[(at + 1)..];
            return b;
        }
    }
}
