using System.Globalization;
using System.Text;

namespace Gatehouse.Bench.Results;

/// <summary>Renders saved runs as a page.</summary>
internal static class MarkdownPage
{
    /// <summary>Machine, versions and method, a line each.</summary>
    public static IEnumerable<string> Preamble(RunResult run)
    {
        var machine = run.Machine;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"machine: {machine.Processor}, {machine.ProcessorCores} cores, {machine.MemoryBytes / (double)(1 << 30):0.0} GB, "
            + $"{machine.System}, Linux {machine.Kernel}; {100 * machine.BusyBefore:0} % busy before the run");
        yield return "versions: " + string.Join("; ", run.Versions.Select(version => $"{version.Key} {version.Value}"));
        foreach (var line in run.Method) yield return line;
    }

    /// <summary>The page with all <paramref name="runs"/>.</summary>
    public static string Render(IReadOnlyList<RunResult> runs)
    {
        var page = new StringBuilder("# Results\n\nRendered by `bench/run --render` from the JSON files of this folder; ")
            .Append("[the guide](../../docs/guide/benchmarks.md) says how to read and repeat them.\n");
        foreach (var run in runs)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {run.Part}, {run.Started:yyyy-MM-dd}{(run.Quick ? " (quick)" : "")}\n\n");
            foreach (var line in Preamble(run)) page.Append($"- {line}\n");
            Table(page, Figures.CheckColumns, Figures.Checks(run));
            Table(page, ["row", .. Figures.SideColumns], run.Rows.SelectMany(row => row.Sides.Select(side => (string[])[row.Name, .. Figures.Cells(side)])));
            var notes = run.Rows.SelectMany(row => row.Notes.Select(note => $"- {row.Name}: {note}\n")).ToArray();
            if (notes.Length > 0) page.Append('\n').AppendJoin("", notes);
        }

        return page.ToString();
    }

    private static void Table(StringBuilder page, string[] columns, IEnumerable<string[]> lines)
    {
        page.Append('\n');
        Line(columns);
        Line([.. columns.Select(_ => "---")]);
        foreach (var line in lines) Line(line);

        void Line(string[] cells) =>
            page.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }
}
