using System.Diagnostics;
using Gatehouse.Bench.Parts;
using Gatehouse.Bench.Processes;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Rows;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench;

/// <summary>Runs a part, row by row.</summary>
internal static class Runner
{
    // A first start of the launcher builds the program.
    private static readonly TimeSpan BuildBound = TimeSpan.FromMinutes(10);

    /// <summary>Measures, prints, writes what was asked for; true when all bounds hold.</summary>
    /// <exception cref="UsageException">A row is unknown or there is no program to measure.</exception>
    public static async Task<bool> RunAsync(Options options, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var part = PartList.Find(options.Part);
        var rows = Select(part, options.Only);
        var command = options.Gatehouse ?? [Path.Combine(options.Root, "gatehouse")];
        if (options.Gatehouse is null && !File.Exists(command[0])) throw new UsageException($"there is no {command[0]} to measure; name one with --gatehouse");

        var cores = Cores.Choose();
        var plan = options.Quick ? Plan.Quick : Plan.Full;
        var versions = await VersionsAsync(part, command, stop);
        var run = new RunResult(
            part.Name, DateTimeOffset.UtcNow, options.Quick, await Machine.ReadAsync(stop), versions, [.. Method(cores, plan), .. part.Method], []);
        TerminalReport.WriteHead(run);

        using var workspace = new Workspace();
        var session = new Session(plan, cores, workspace, new GatehouseProgram(command), stop);
        foreach (var row in rows)
        {
            var result = await MeasureAsync(row, session);
            TerminalReport.WriteRow(result);
            run = run with { Rows = [.. run.Rows, result] };
        }

        TerminalReport.WriteSummary(run, clock.Elapsed);
        if (options.Json is not null) run.Write(options.Json);
        if (options.Save) ResultFolder.Save(options.Results, run);
        return run.Holds;
    }

    private static IReadOnlyList<IRow> Select(IPart part, IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (part.Rows.All(row => row.Name != name))
                throw new UsageException($"part {part.Name} has no row '{name}'; its rows: {string.Join(", ", part.Rows.Select(row => row.Name))}");
        return [.. part.Rows.Where(row => names.Count == 0 || names.Contains(row.Name))];
    }

    private static async Task<RowResult> MeasureAsync(IRow row, Session session)
    {
        try
        {
            return await row.RunAsync(session);
        }
        catch (RowFailedException e)
        {
            // Ctrl-C reaches the servers and the load as well: that they fail then is no result.
            session.Stop.ThrowIfCancellationRequested();
            return RowResult.Failed(row.Name, row.Title, e.Message);
        }
    }

    private static string[] Method(Cores cores, Plan plan) =>
    [
        $"server under test pinned to core {cores.Server}, load and upstream to core {cores.Load}, one worker or reactor each",
        $"warm-up {plan.WarmUpSeconds} s of the row's own load, then {plan.Rounds} rounds of {plan.RoundSeconds} s for each server, in turns A B, B A, …; "
            + "figures are medians, ratios medians of paired rounds",
        "server CPU from /proc/PID/task/*/schedstat summed over the server's processes; "
            + "status, length, headers and body compared before and after; any load error fails the row",
        $"gatehouse's runtime: {GatehouseProgram.RuntimeSettings}",
    ];

    private static async Task<IReadOnlyDictionary<string, string>> VersionsAsync(IPart part, IReadOnlyList<string> gatehouse, CancellationToken stop)
    {
        var launch = new Launch(gatehouse[0], [.. gatehouse.Skip(1), "--version"]);
        var versions = new Dictionary<string, string>
        {
            [GatehouseProgram.Title] = (await Child.RunAsync(launch, [], BuildBound, stop)).Trim(),
            [".NET"] = Environment.Version.ToString(),
        };
        foreach (var (program, argument) in part.Versioned)
        {
            // Some end with 1 when they are only asked for their version.
            var (_, output) = await Child.TryRunAsync(new Launch(program, [argument]), [], TimeSpan.FromSeconds(10), stop);
            var words = output.Split('\n')[0].Split([' ', '/']);
            versions[program] = words.FirstOrDefault(word => word.Length > 0 && char.IsAsciiDigit(word[0])) ?? output.Trim();
        }

        return versions;
    }
}
