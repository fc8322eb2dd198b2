namespace TechEmpower.Data;

/// <summary>The database of the tests, as TechEmpower asks for it: one query for each row, never one for many.</summary>
internal abstract class Worlds
{
    /// <summary>A random row.</summary>
    public abstract Task<World> AnyAsync();

    /// <summary>That many random rows.</summary>
    public abstract Task<World[]> SomeAsync(int count);

    /// <summary>That many random rows, each with a new number that is written back.</summary>
    public abstract Task<World[]> UpdateAsync(int count);

    /// <summary>All fortunes and one more, in the order of what they say.</summary>
    public async Task<List<Fortune>> FortunesAsync()
    {
        var fortunes = await AllFortunesAsync();
        fortunes.Add(new Fortune { Message = "Additional fortune added at request time." });
        fortunes.Sort(static (left, right) => string.CompareOrdinal(left.Message, right.Message));
        return fortunes;
    }

    /// <summary>How many rows a client asks for: 1 to 500, and 1 when it asks for something else.</summary>
    public static int CountOf(string? queries) => int.TryParse(queries, out var count) ? Math.Clamp(count, 1, 500) : 1;

    /// <summary>The table.</summary>
    protected abstract Task<List<Fortune>> AllFortunesAsync();
}
