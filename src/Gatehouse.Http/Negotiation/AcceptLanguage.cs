using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Negotiation;

/// <summary>
/// What a client says of languages (RFC 9110 section 12.5.4): <c>Accept-Language = #( language-range [ weight ] )</c>, matched by the lookup scheme of
/// RFC 4647 section 3.4. A malformed member says nothing and the others count.
/// </summary>
public static class AcceptLanguage
{
    /// <summary>How many languages may be offered.</summary>
    public const int MaxOffered = 64;

    /// <summary>
    /// The place in <paramref name="offered"/> (language tags of RFC 5646, in ASCII) of the language to answer in: the first match of the range with
    /// the highest weight, which is shortened from its end until it matches. -1 when nothing matches: the server's default.
    /// </summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxOffered"/> languages are offered.</exception>
    public static int Lookup(HeaderTable headers, ReadOnlySpan<byte[]> offered)
    {
        if (offered.Length > MaxOffered)
            throw new ArgumentException($"At most {MaxOffered} languages can be offered; found {offered.Length}.", nameof(offered));
        var excluded = Excluded(headers, offered);
        var best = 0;
        var chosen = -1;
        foreach (var member in new HeaderValues(headers, KnownHeader.AcceptLanguage))
        {
            // The wildcard takes no part in a lookup (RFC 4647 section 3.4): what it would match is the default.
            if (!TryReadRange(member, out var range, out var weight) || weight <= best || range.SequenceEqual("*"u8))
                continue;
            var match = Match(range, offered, excluded);
            if (match >= 0)
            {
                best = weight;
                chosen = match;
            }
        }
        return chosen;
    }

    private static ulong Excluded(HeaderTable headers, ReadOnlySpan<byte[]> offered)
    {
        var excluded = 0UL;
        foreach (var member in new HeaderValues(headers, KnownHeader.AcceptLanguage))
        {
            if (TryReadRange(member, out var range, out var weight) && weight == 0)
            {
                var match = IndexOf(range, offered);
                if (match >= 0)
                    excluded |= 1UL << match;
            }
        }
        return excluded;
    }

    private static int Match(ReadOnlySpan<byte> range, ReadOnlySpan<byte[]> offered, ulong excluded)
    {
        while (!range.IsEmpty)
        {
            var match = IndexOf(range, offered);
            if (match >= 0 && (excluded >> match & 1) == 0)
                return match;
            range = Shorten(range);
        }
        return -1;
    }

    // Removes the last subtag, and a single letter that then ends the range: it only introduces what is gone.
    private static ReadOnlySpan<byte> Shorten(ReadOnlySpan<byte> range)
    {
        var hyphen = range.LastIndexOf((byte)'-');
        if (hyphen < 0)
            return default;
        return hyphen >= 2 && range[hyphen - 2] == '-' ? range[..(hyphen - 2)] : range[..hyphen];
    }

    private static int IndexOf(ReadOnlySpan<byte> tag, ReadOnlySpan<byte[]> offered)
    {
        for (var i = 0; i < offered.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(tag, offered[i]))
                return i;
        }
        return -1;
    }

    // language-range = (1*8ALPHA *("-" 1*8alphanum)) / "*" (RFC 4647 section 2.1)
    private static bool TryReadRange(ReadOnlySpan<byte> member, out ReadOnlySpan<byte> range, out int weight)
    {
        if (!Weight.TrySplit(member, out range, out weight))
            return false;
        if (range.SequenceEqual("*"u8))
            return true;
        var subtag = 0;
        var isFirst = true;
        foreach (var b in range)
        {
            if (b == '-')
            {
                if (subtag == 0)
                    return false;
                subtag = 0;
                isFirst = false;
            }
            else if (++subtag > 8 || !(isFirst ? char.IsAsciiLetter((char)b) : char.IsAsciiLetterOrDigit((char)b)))
            {
                return false;
            }
        }
        return subtag > 0;
    }
}
