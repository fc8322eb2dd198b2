namespace Gatehouse.Http.Settings;

/// <summary>Finds what a person meant by a misspelt word.</summary>
public static class NearestWord
{
    private const int LongestWord = 64;

    /// <summary>The word nearest to <paramref name="text"/> that is close enough to be meant, or null.</summary>
    public static string? Find(string text, IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(words);
        if (text.Length is 0 or > LongestWord)
            return null;
        var limit = text.Length switch { <= 3 => 1, <= 7 => 2, _ => 3 };
        string? nearest = null;
        foreach (var word in words)
        {
            if (word.Length <= LongestWord && Math.Abs(word.Length - text.Length) <= limit && Distance(text, word) is var distance && distance <= limit)
            {
                nearest = word;
                limit = distance - 1;
            }
        }
        return nearest;
    }

    /// <summary>The fault of a value that is not one of <paramref name="words"/>.</summary>
    public static string Fault(string text, IReadOnlyList<string> words) =>
        $"found '{text}', expected one of {string.Join(", ", words)}{(Find(text, words) is { } nearest ? $"; did you mean '{nearest}'?" : "")}";

    /// <summary>
    /// Damerau–Levenshtein distance in its restricted form (optimal string alignment): insertions, deletions, substitutions and swaps of neighbours;
    /// upper and lower case are the same.
    /// </summary>
    public static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        Span<int> beforeLast = stackalloc int[LongestWord + 1];
        Span<int> last = stackalloc int[LongestWord + 1];
        Span<int> current = stackalloc int[LongestWord + 1];
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = last[j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(last[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
            }
            var oldest = beforeLast;
            beforeLast = last;
            last = current;
            current = oldest;
        }
        return last[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
