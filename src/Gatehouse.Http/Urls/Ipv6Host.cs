using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gatehouse.Http.Urls;

/// <summary>The IPv6 parser and serialiser of the WHATWG URL standard, section 3.5; no zone identifiers, and never an IPv4 tail in the result.</summary>
internal static class Ipv6Host
{
    /// <summary>Parses what stands within the brackets and gives it back in its shortest form, with brackets.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? host)
    {
        host = null;
        Span<ushort> pieces = stackalloc ushort[8];
        pieces.Clear();
        var (count, compress) = (0, -1);
        if (text.StartsWith("::"))
        {
            text = text[2..];
            compress = 0;
        }
        else if (text.IsEmpty)
        {
            return false;
        }
        while (!text.IsEmpty)
        {
            var end = text.IndexOf(':');
            var piece = end < 0 ? text : text[..end];
            if (count == 8)
                return false;
            if (piece.Contains('.'))
            {
                if (end >= 0 || count > 6 || !TryIpv4Tail(piece, pieces[count..]))
                    return false;
                count += 2;
                break;
            }
            if (piece.IsEmpty)
            {
                // A second colon; the first one went with the piece before it.
                if (compress >= 0 || count == 0)
                    return false;
                compress = count;
                text = text[1..];
                continue;
            }
            if (piece.Length > 4 || !ushort.TryParse(piece, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out pieces[count++]))
                return false;
            if (end < 0)
                break;
            text = text[(end + 1)..];
            // A single colon has a piece behind it.
            if (text.IsEmpty)
                return false;
        }
        if (compress >= 0 ? count > 7 : count != 8)
            return false;
        if (compress >= 0)
        {
            pieces[compress..count].CopyTo(pieces[(8 - count + compress)..]);
            pieces.Slice(compress, 8 - count).Clear();
        }
        host = Serialize(pieces);
        return true;
    }

    // Four decimal numbers up to 255 without leading zeros.
    private static bool TryIpv4Tail(ReadOnlySpan<char> text, Span<ushort> pieces)
    {
        var count = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (count == 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0')
                || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return false;
            pieces[count / 2] = (ushort)((pieces[count / 2] << 8) | value);
            count++;
        }
        return count == 4;
    }

    private static string Serialize(ReadOnlySpan<ushort> pieces)
    {
        var (start, length) = LongestZeros(pieces);
        var text = new System.Text.StringBuilder("[");
        for (var index = 0; index < 8; index++)
        {
            if (length > 1 && index == start)
            {
                text.Append(index == 0 ? "::" : ":");
                index += length - 1;
                continue;
            }
            text.Append(CultureInfo.InvariantCulture, $"{pieces[index]:x}");
            if (index < 7)
                text.Append(':');
        }
        return text.Append(']').ToString();
    }

    // The first longest run of zero pieces is the one that is left out.
    private static (int Start, int Length) LongestZeros(ReadOnlySpan<ushort> pieces)
    {
        var (start, length) = (0, 0);
        for (var index = 0; index < 8; index++)
        {
            var run = pieces[index..].IndexOfAnyExcept((ushort)0);
            run = run < 0 ? 8 - index : run;
            if (run > length)
                (start, length) = (index, run);
        }
        return (start, length);
    }
}
