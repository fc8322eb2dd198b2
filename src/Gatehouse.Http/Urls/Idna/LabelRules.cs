using System.Text;

namespace Gatehouse.Http.Urls.Idna;

/// <summary>
/// The validity criteria of UTS46 section 4.1 for a label, with CheckJoiners and CheckBidi and without CheckHyphens, as the URL standard sets them.
/// </summary>
internal static class LabelRules
{
    private const int ZeroWidthNonJoiner = 0x200c;
    private const int ZeroWidthJoiner = 0x200d;

    /// <summary>True when a label makes its name subject to the rule for bidirectional text: it has a code point of class R, AL or AN.</summary>
    public static bool IsRightToLeft(string label)
    {
        foreach (var rune in label.EnumerateRunes())
        {
            if (IdnaTable.Instance[rune].Bidi is BidiClass.Right or BidiClass.ArabicNumber)
                return true;
        }
        return false;
    }

    /// <summary>Criteria 1 and 4 to 8.</summary>
    public static bool IsValid(string label)
    {
        var runes = label.EnumerateRunes().ToArray();
        if (label.StartsWith("xn--", StringComparison.Ordinal) || (runes.Length > 0 && IdnaTable.Instance[runes[0]].IsMark))
            return false;
        for (var index = 0; index < runes.Length; index++)
        {
            if (IdnaTable.Instance[runes[index]].Status != IdnaStatus.Valid || !IsValidJoiner(runes, index))
                return false;
        }
        return NormalizationFormC.Normalize(label) == label;
    }

    /// <summary>RFC 5893 section 2, for each label of a name in which one is right-to-left.</summary>
    public static bool IsValidBidi(string label)
    {
        var classes = label.EnumerateRunes().Select(rune => IdnaTable.Instance[rune].Bidi).ToList();
        if (classes.Count == 0)
            return true;
        var last = classes.FindLast(one => one != BidiClass.NonspacingMark);
        var (hasEuropean, hasArabic) = (classes.Contains(BidiClass.EuropeanNumber), classes.Contains(BidiClass.ArabicNumber));
        if (classes.Contains(BidiClass.Unallowed))
            return false;
        return classes[0] switch
        {
            BidiClass.Right => !classes.Contains(BidiClass.Left) && !(hasEuropean && hasArabic)
                && last is BidiClass.Right or BidiClass.EuropeanNumber or BidiClass.ArabicNumber,
            BidiClass.Left => !classes.Contains(BidiClass.Right) && !hasArabic && last is BidiClass.Left or BidiClass.EuropeanNumber,
            _ => false,
        };
    }

    // RFC 5892 appendices A.1 and A.2: a joiner follows a virama; the non-joiner may also break a pair that would join.
    private static bool IsValidJoiner(Rune[] runes, int index)
    {
        if (runes[index].Value is not (ZeroWidthNonJoiner or ZeroWidthJoiner))
            return true;
        const int Virama = 9;
        if (index > 0 && IdnaTable.Instance[runes[index - 1]].CombiningClass == Virama)
            return true;
        if (runes[index].Value == ZeroWidthJoiner)
            return false;
        var before = index - 1;
        while (before >= 0 && IdnaTable.Instance[runes[before]].IsTransparent)
            before--;
        var after = index + 1;
        while (after < runes.Length && IdnaTable.Instance[runes[after]].IsTransparent)
            after++;
        return before >= 0 && after < runes.Length && IdnaTable.Instance[runes[before]].JoinsFollowing && IdnaTable.Instance[runes[after]].JoinsPreceding;
    }
}
