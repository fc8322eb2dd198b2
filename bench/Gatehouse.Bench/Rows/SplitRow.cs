using System.Globalization;
using Gatehouse.Bench.Load;
using Gatehouse.Bench.Processes;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Rows;

/// <summary>Front and worker on different cores: requests per second, and p99 no worse.</summary>
/// <param name="name">For --only.</param>
/// <param name="title">For people.</param>
/// <param name="bound">How many times the peer's requests per second Gatehouse must answer.</param>
/// <param name="module">The application.</param>
/// <param name="work">The request.</param>
/// <param name="choices">The peer's settings to choose from.</param>
internal sealed class SplitRow(string name, string title, double bound, string module, Work work, IServerProgram[] choices) : IRow
{
    public string Name => name;
    public string Title => title;

    public async Task<RowResult> RunAsync(Session session)
    {
        ServerSetup Adapt(ServerSetup setup) => setup with { Application = new PythonApplication(session.Workspace.Applications, module) };
        LoadTool tool = static (session, server, work, seconds) => session.LoadAsync(server, work, seconds);
        var choice = await PeerChoice.BestAsync(session, choices, work, tool, Adapt);
        await using var gatehouse = await session.StartAsync(session.Gatehouse, work, Adapt);
        await using var peer = await session.StartAsync(choice, work, Adapt);
        foreach (var server in (RunningServer[])[gatehouse, peer]) await MoveWorkersAsync(server, session);

        Task<LoadResult> Load(RunningServer server, int seconds) => session.LoadAsync(server, work, seconds, session.Cores.SpareOnly);
        await Load(gatehouse, session.Plan.WarmUpSeconds);
        var sides = await Contest.RunAsync([gatehouse, peer], work, session.Plan.Rounds, server => Load(server, session.Plan.RoundSeconds), session.Stop);
        var rate = sides[1].To(sides[0], sample => sample.RequestsPerSecond);
        var latency = sides[0].To(sides[1], sample => sample.P99Micros);
        return new RowResult(
            Name, Title, sides,
            [
                new Check($"requests/s, {peer.Program.Name} / gatehouse", rate.Median, 1 / bound, "", rate.ToString()),
                new Check($"p99 latency, gatehouse / {peer.Program.Name}", latency.Median, 1, "", latency.ToString()),
            ],
            [$"fronts on core {session.Cores.Server}, workers on core {session.Cores.Load}, load on core {session.Cores.Spare}"]);
    }

    private static async Task MoveWorkersAsync(RunningServer server, Session session)
    {
        var moved = 0;
        foreach (var pid in ProcessTree.Of(server.Pid))
        {
            if (ProcFile.Text(pid, "comm") is not { } command || !(command.StartsWith("python", StringComparison.Ordinal) || command.StartsWith("uwsgi", StringComparison.Ordinal)))
                continue;
            string[] arguments = ["-a", "-p", "-c", session.Cores.Load.ToString(CultureInfo.InvariantCulture), pid.ToString(CultureInfo.InvariantCulture)];
            await Child.RunAsync(new Launch("taskset", arguments), [], TimeSpan.FromSeconds(10), session.Stop);
            moved++;
        }
        if (moved == 0) throw new RowFailedException($"{server.Program.Name} has no worker that could be moved to another core");
    }
}
