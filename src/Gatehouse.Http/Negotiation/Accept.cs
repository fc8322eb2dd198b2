using System.Text;
using Gatehouse.Http.Content;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Negotiation;

/// <summary>
/// What a client says of media types (RFC 9110 section 12.5.1): <c>Accept = #( media-range [ weight ] )</c>. The most specific range that covers a type sets
/// its weight: <c>type/subtype;parameter</c> before <c>type/subtype</c> before <c>type/*</c> before <c>*/*</c>. A malformed member says nothing and
/// the others count; without any valid member every type is accepted.
/// </summary>
public static class Accept
{
    /// <summary>The weight of a media type in thousandths, 0 when the request does not accept it. <paramref name="mediaType"/> must be well formed.</summary>
    /// <exception cref="ArgumentException"><paramref name="mediaType"/> is no media type.</exception>
    public static int WeightOf(HeaderTable headers, ReadOnlySpan<byte> mediaType)
    {
        if (!MediaType.TryParse(mediaType, out var type))
            throw new ArgumentException($"Expected type/subtype; found '{Encoding.Latin1.GetString(mediaType)}'.", nameof(mediaType));
        var mostSpecific = -1;
        var weight = 0;
        var any = false;
        foreach (var member in new HeaderValues(headers, KnownHeader.Accept))
        {
            if (!MediaType.TryParse(member, out var range) || !TryMatch(range, type, out var specificity, out var thousandths))
                continue;
            any = true;
            if (specificity > mostSpecific)
            {
                mostSpecific = specificity;
                weight = thousandths;
            }
        }
        return any ? weight : Weight.Full;
    }

    /// <summary>
    /// The place in <paramref name="offered"/> of the media type with the highest weight, the first of equals; -1 when none is accepted (406, or answer with
    /// the default all the same).
    /// </summary>
    public static int Choose(HeaderTable headers, ReadOnlySpan<byte[]> offered)
    {
        var best = 0;
        var chosen = -1;
        for (var i = 0; i < offered.Length; i++)
        {
            var weight = WeightOf(headers, offered[i]);
            if (weight > best)
            {
                best = weight;
                chosen = i;
            }
        }
        return chosen;
    }

    // False for a range whose weight is malformed; a specificity of -1 says that the range is valid and covers other types.
    private static bool TryMatch(MediaType range, MediaType type, out int specificity, out int thousandths)
    {
        thousandths = Weight.Full;
        specificity = Covers(range, type);
        var parameters = range.Parameters;
        while (parameters.MoveNext())
        {
            // "Recipients SHOULD process any parameter named "q" as weight, regardless of parameter ordering."
            if (Weight.IsName(parameters.Name))
            {
                if (!Weight.TryParse(parameters.Value, out thousandths))
                    return false;
            }
            else if (specificity >= 0)
            {
                specificity = HasParameter(type, parameters.Name, parameters.Value) ? specificity + 1 : -1;
            }
        }
        return true;
    }

    private static int Covers(MediaType range, MediaType type)
    {
        if (range.Essence.SequenceEqual("*/*"u8))
            return 0;
        if (!Ascii.EqualsIgnoreCase(range.Type, type.Type))
            return -1;
        if (range.Subtype.SequenceEqual("*"u8))
            return 1000;
        return Ascii.EqualsIgnoreCase(range.Subtype, type.Subtype) ? 2000 : -1;
    }

    private static bool HasParameter(MediaType type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var parameters = type.Parameters;
        while (parameters.MoveNext())
        {
            if (Ascii.EqualsIgnoreCase(parameters.Name, name))
                return SameMeaning(parameters.Value, value, ignoreCase: Ascii.EqualsIgnoreCase(name, "charset"u8));
        }
        return false;
    }

    // Quotes and escapes do not count (RFC 9110 section 5.6.6). A value too long for the room is no value that a server offers.
    private static bool SameMeaning(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, bool ignoreCase)
    {
        Span<byte> a = stackalloc byte[256];
        Span<byte> b = stackalloc byte[256];
        return HeaderSyntax.TryUnquote(left, a, out var leftLength) && HeaderSyntax.TryUnquote(right, b, out var rightLength)
            && (ignoreCase
                ? Ascii.EqualsIgnoreCase(a[..leftLength], b[..rightLength])
                : a[..leftLength].SequenceEqual(b[..rightLength]));
    }
}
