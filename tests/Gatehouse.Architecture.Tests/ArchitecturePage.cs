using System.Text.RegularExpressions;
using Gatehouse.Testing;

namespace Gatehouse.Architecture.Tests;

/// <summary>docs/ARCHITECTURE.md, as far as the tests hold the sources to it.</summary>
internal static partial class ArchitecturePage
{
    private static string Text { get; } = File.ReadAllText(Path.Combine(Repository.Root, "docs", "ARCHITECTURE.md"));

    /// <summary>The rows of the table '| project | may refer to |': for each project what stands in its row.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ReferenceTable { get; } = ReadTable();

    /// <summary>Everything in `code` marks outside of fenced blocks, once.</summary>
    public static IReadOnlyList<string> CodeSpans { get; } = [.. Span().Matches(Fence().Replace(Text, "")).Select(match => match.Groups[1].Value).Distinct()];

    /// <summary>What a project may refer to: its row, and what the projects of its row may refer to.</summary>
    public static IReadOnlySet<string> AllowedFor(string project)
    {
        var allowed = new HashSet<string>();
        var open = new Stack<string>(RowOf(project));
        while (open.TryPop(out var next))
            if (allowed.Add(next))
                foreach (var further in RowOf(next)) open.Push(further);
        return allowed;
    }

    // A project without a row may refer to nothing; that it has none is a failure of its own.
    private static IReadOnlyList<string> RowOf(string project) => ReferenceTable.GetValueOrDefault(project, []);

    private static Dictionary<string, IReadOnlyList<string>> ReadTable()
    {
        var rows = Text.Split('\n')
            .SkipWhile(line => !line.StartsWith("| project | may refer to |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'));
        var table = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var row in rows)
        {
            var cells = row.Split('|');
            table.Add(Span().Match(cells[1]).Groups[1].Value, [.. Span().Matches(cells[2]).Select(match => match.Groups[1].Value)]);
        }
        return table.Count > 0 ? table : throw new InvalidDataException("docs/ARCHITECTURE.md has no table that begins with '| project | may refer to |'.");
    }

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
