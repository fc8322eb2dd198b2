using System.Globalization;

namespace Gatehouse.Bench.Results;

/// <summary>Figures as they stand in tables, the same in the terminal and on the page.</summary>
internal static class Figures
{
    public static readonly string[] SideColumns = ["server", "CPU µs/request", "requests/s", "p50 ms", "p99 ms", "RSS MB", "settings"];

    /// <summary>The cells of a side, one for each of <see cref="SideColumns"/>.</summary>
    public static string[] Cells(Side side) =>
    [
        side.Server,
        Text(side.CpuMicros, 1, side.CpuMicros < 100 ? "0.00" : "0.0"),
        Text(side.RequestsPerSecond, 1, "#,0"),
        Text(side.P50Micros, 1e3, "0.00"),
        Text(side.P99Micros, 1e3, "0.00"),
        Text(side.ResidentBytes, 1 << 20, "0.0"),
        side.Settings,
    ];

    public static readonly string[] CheckColumns = ["row", "figure", "is", "at most", "rounds", ""];

    /// <summary>The cells of a check, one for each of <see cref="CheckColumns"/>.</summary>
    public static string[] Cells(RowResult row, Check check) =>
        [row.Name, check.What, Value(check.Value, check.Unit), Value(check.Bound, check.Unit), check.Spread, check.Holds ? "PASS" : "MISS"];

    /// <summary>The cells of a row that failed, one for each of <see cref="CheckColumns"/>.</summary>
    public static string[] FailedCells(RowResult row) => [row.Name, row.Failure!, "", "", "", "FAIL"];

    /// <summary>All checks of a run, a failed row as one line.</summary>
    public static IEnumerable<string[]> Checks(RunResult run) =>
        run.Rows.SelectMany(row => row.Failure is null ? row.Checks.Select(check => Cells(row, check)) : [FailedCells(row)]);

    private static string Value(double value, string unit) =>
        unit.Length == 0 ? value.ToString("0.00", CultureInfo.InvariantCulture) : value.ToString("#,0.##", CultureInfo.InvariantCulture) + " " + unit;

    private static string Text(double? value, double divisor, string format) =>
        value is { } known ? (known / divisor).ToString(format, CultureInfo.InvariantCulture) : "";
}
