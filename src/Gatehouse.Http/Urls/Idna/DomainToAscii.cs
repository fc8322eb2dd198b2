using System.Text;

namespace Gatehouse.Http.Urls.Idna;

/// <summary>"Domain to ASCII" of the WHATWG URL standard, section 3.3, not strict: ToASCII of UTS46, nontransitional.</summary>
internal static class DomainToAscii
{
    private const string Prefix = "xn--";

    /// <summary>
    /// The domain as the name service knows it; null when it has no such form. A domain in ASCII is only put into lower case, even where a label of it begins
    /// with <c>xn--</c> and is not valid Punycode: there are such sites, and the name service does not mind.
    /// </summary>
    public static string? Convert(string domain)
    {
        if (Ascii.IsValid(domain))
            return domain.ToLowerInvariant();
        var labels = NormalizationFormC.Normalize(Map(domain)).Split('.');
        for (var index = 0; index < labels.Length; index++)
        {
            if (labels[index].StartsWith(Prefix, StringComparison.Ordinal))
            {
                // UTS46 section 4: what is no ASCII has not been encoded; what decodes to nothing, or to ASCII, need not have been. Both are errors.
                if (!Ascii.IsValid(labels[index]) || !Punycode.TryDecode(labels[index][Prefix.Length..], out var decoded) || Ascii.IsValid(decoded))
                    return null;
                labels[index] = decoded;
            }
            if (!LabelRules.IsValid(labels[index]))
                return null;
        }
        if (labels.Any(LabelRules.IsRightToLeft) && !labels.All(LabelRules.IsValidBidi))
            return null;
        for (var index = 0; index < labels.Length; index++)
        {
            if (Ascii.IsValid(labels[index]))
                continue;
            if (Punycode.Encode(labels[index]) is not { } encoded)
                return null;
            labels[index] = Prefix + encoded;
        }
        return string.Join('.', labels);
    }

    // A disallowed code point stays; the label that it is in is not valid then.
    private static string Map(string domain)
    {
        var text = new StringBuilder(domain.Length);
        foreach (var rune in domain.EnumerateRunes())
        {
            switch (IdnaTable.Instance[rune].Status)
            {
                case IdnaStatus.Ignored:
                    break;
                case IdnaStatus.Mapped:
                    text.Append(IdnaTable.Instance.MappingOf(rune));
                    break;
                default:
                    text.Append(rune.ToString());
                    break;
            }
        }
        return text.ToString();
    }
}
