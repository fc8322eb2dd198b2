using System.Buffers;

namespace Gatehouse.Protocols.Headers;

/// <summary>The small pieces that field values are made of (RFC 9110 section 5.6): optional white space, tokens, quoted strings.</summary>
public static class HeaderSyntax
{
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>True for one or more tchar (RFC 9110 section 5.6.2).</summary>
    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && text.IndexOfAnyExcept(TokenBytes) < 0;

    /// <summary>The text without the spaces and tabs around it: OWS = *( SP / HTAB ) (RFC 9110 section 5.6.3).</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && text[0] is (byte)' ' or (byte)'\t')
            text = text[1..];
        while (!text.IsEmpty && text[^1] is (byte)' ' or (byte)'\t')
            text = text[..^1];
        return text;
    }

    /// <summary>
    /// Length of the quoted-string that <paramref name="text"/> starts with, both quotes included; -1 when it does not start with a quote or has no end.
    /// quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE (RFC 9110 section 5.6.4).
    /// </summary>
    public static int QuotedLength(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != '"')
            return -1;
        var at = 1;
        while (true)
        {
            var step = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
                return -1;
            at += step;
            if (text[at] == '"')
                return at + 1;
            at += 2;
            if (at > text.Length)
                return -1;
        }
    }

    /// <summary>
    /// Writes what a token or quoted-string stands for: a token as it is, a quoted-string without its quotes and with each quoted-pair replaced by its second
    /// byte. False when <paramref name="text"/> is neither, or does not fit (the result is never longer than the text).
    /// </summary>
    public static bool TryUnquote(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        if (QuotedLength(text) != text.Length)
        {
            if (!IsToken(text) || !text.TryCopyTo(destination))
                return false;
            written = text.Length;
            return true;
        }
        text = text[1..^1];
        while (true)
        {
            var plain = text.IndexOf((byte)'\\');
            if (plain < 0)
                plain = text.Length;
            if (!text[..plain].TryCopyTo(destination[written..]))
                return false;
            written += plain;
            if (plain == text.Length)
                return true;
            if (written == destination.Length)
                return false;
            destination[written++] = text[plain + 1];
            text = text[(plain + 2)..];
        }
    }
}
