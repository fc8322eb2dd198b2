
namespace Gatehouse.Bench.Results;

/// <summary>Prints a run while it goes.</summary>
internal static class TerminalReport
{
    /// <summary>Machine, versions and method, before the first row.</summary>
    public static void WriteHead(RunResult run)
    {
        Console.WriteLine($"bench {run.Part}{(run.Quick ? ", quick" : "")}, {run.Started:yyyy-MM-dd HH:mm} UTC");
        foreach (var line in MarkdownPage.Preamble(run)) Console.WriteLine("  " + line);
    }

    /// <summary>One row, when it is there.</summary>
    public static void WriteRow(RowResult row)
    {
        Console.WriteLine();
        Console.WriteLine($"{row.Name}: {row.Title}");
        if (row.Sides.Count > 0) WriteTable(Figures.SideColumns, row.Sides.Select(Figures.Cells));
        foreach (var check in row.Checks)
        {
            var cells = Figures.Cells(row, check);
            var spread = check.Spread.Length > 0 ? $" (rounds {check.Spread})" : "";
            Console.WriteLine($"  {cells[5]}  {cells[1]}: {cells[2]}, at most {cells[3]}{spread}");
        }

        foreach (var note in row.Notes) Console.WriteLine($"  {note}");
        if (row.Failure is not null) Console.WriteLine($"  FAIL  {row.Failure}");
    }

    /// <summary>All bounds in one table, after the last row.</summary>
    public static void WriteSummary(RunResult run, TimeSpan took)
    {
        Console.WriteLine();
        WriteTable(Figures.CheckColumns, Figures.Checks(run).Select(line => line.Select(Shorten).ToArray()));
        var missed = run.Rows.Count(row => row.Failure is null && !row.Holds);
        var failed = run.Rows.Count(row => row.Failure is not null);
        Console.WriteLine($"{run.Rows.Count - missed - failed} rows hold, {missed} missed, {failed} failed; {took:m\\:ss} minutes");
    }

    // The whole of a failure's reason stands at its row; here it would make the table too wide.
    private static string Shorten(string cell) => cell.Length > 60 ? cell[..59] + "…" : cell;

    private static void WriteTable(string[] columns, IEnumerable<string[]> lines)
    {
        string[][] all = [columns, .. lines];
        var widths = Enumerable.Range(0, columns.Length).Select(column => all.Max(line => line[column].Length)).ToArray();
        foreach (var line in all)
        {
            var cells = line.Select((cell, i) => IsNumber(cell) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            Console.WriteLine(("  " + string.Join("  ", cells)).TrimEnd());
        }

        static bool IsNumber(string cell) => cell.Length > 0 && char.IsAsciiDigit(cell[0]);
    }
}
