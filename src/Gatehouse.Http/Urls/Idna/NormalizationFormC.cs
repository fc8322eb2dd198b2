using System.Text;

namespace Gatehouse.Http.Urls.Idna;

/// <summary>
/// Normalisation form C (Unicode standard annex 15) of text that has been mapped by UTS46: no code point that composition excludes is left in it, so that the
/// pairs of <see cref="IdnaTable"/> and the arithmetic of Hangul are all that it takes.
/// </summary>
internal static class NormalizationFormC
{
    // Unicode standard, section 3.12.
    private const int FirstSyllable = 0xac00;
    private const int FirstLead = 0x1100;
    private const int FirstVowel = 0x1161;
    private const int BeforeFirstTail = 0x11a7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Tails = 28;

    public static string Normalize(string text)
    {
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, points);
        Order(points);
        Compose(points);
        var result = new StringBuilder(text.Length);
        foreach (var point in points)
            result.Append(new Rune(point).ToString());
        return result.ToString();
    }

    private static void Decompose(int point, List<int> points)
    {
        if (point is >= FirstSyllable and < FirstSyllable + (Leads * Vowels * Tails))
        {
            var index = point - FirstSyllable;
            points.Add(FirstLead + (index / (Vowels * Tails)));
            points.Add(FirstVowel + (index / Tails % Vowels));
            if (index % Tails != 0)
                points.Add(BeforeFirstTail + (index % Tails));
        }
        else if (IdnaTable.Instance.TryDecompose(point, out var parts))
        {
            Decompose(parts.First, points);
            points.Add(parts.Second);
        }
        else
        {
            points.Add(point);
        }
    }

    // Canonical ordering: each run of marks by class, stable. A sort, so that a long run is not quadratic.
    private static void Order(List<int> points)
    {
        for (var start = 0; start < points.Count; start++)
        {
            var end = start;
            while (end < points.Count && ClassOf(points[end]) != 0)
                end++;
            if (end - start > 1)
            {
                var run = points.GetRange(start, end - start).OrderBy(ClassOf).ToArray();
                for (var index = 0; index < run.Length; index++)
                    points[start + index] = run[index];
            }
            start = end;
        }
    }

    private static void Compose(List<int> points)
    {
        var (starter, written, classBefore) = (-1, 0, 0);
        foreach (var point in points.ToArray())
        {
            var combiningClass = ClassOf(point);
            // Blocked when something of the same or a higher class, or a starter, stands in between.
            var isAdjacent = starter == written - 1;
            if (starter >= 0 && (isAdjacent || classBefore < combiningClass) && TryCompose(points[starter], point, out var whole))
            {
                points[starter] = whole;
                continue;
            }
            if (combiningClass == 0)
                starter = written;
            classBefore = combiningClass;
            points[written++] = point;
        }
        points.RemoveRange(written, points.Count - written);
    }

    private static bool TryCompose(int first, int second, out int whole)
    {
        if (first is >= FirstLead and < FirstLead + Leads && second is >= FirstVowel and < FirstVowel + Vowels)
        {
            whole = FirstSyllable + ((((first - FirstLead) * Vowels) + second - FirstVowel) * Tails);
            return true;
        }
        if (first is >= FirstSyllable and < FirstSyllable + (Leads * Vowels * Tails) && (first - FirstSyllable) % Tails == 0
            && second is > BeforeFirstTail and < BeforeFirstTail + Tails)
        {
            whole = first + second - BeforeFirstTail;
            return true;
        }
        return IdnaTable.Instance.TryCompose(first, second, out whole);
    }

    private static int ClassOf(int point) => IdnaTable.Instance[new Rune(point)].CombiningClass;
}
