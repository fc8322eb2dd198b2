using Gatehouse.Bench.Probes;
using Gatehouse.Bench.Processes;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Rows;

/// <summary>Memory of several workers of an application that was imported once before they were forked, after load.</summary>
/// <param name="name">For --only.</param>
/// <param name="title">For people.</param>
/// <param name="module">The application.</param>
/// <param name="workers">How many workers.</param>
/// <param name="peer">The peer, which is one Python process with workers.</param>
internal sealed class PreloadRow(string name, string title, string module, int workers, IServerProgram peer) : IRow
{
    public string Name => name;
    public string Title => title;

    public async Task<RowResult> RunAsync(Session session)
    {
        var gatehouse = await MeasureAsync(session, session.Gatehouse);
        var other = await MeasureAsync(session, peer);
        var check = new Check($"memory of the Python processes, gatehouse / {peer.Name}", gatehouse.ResidentBytes!.Value / (double)other.ResidentBytes!.Value, 1, "");
        return new RowResult(Name, Title, [gatehouse, other], [check], ["the memory above is the proportional set size of all Python processes, without Gatehouse's front"]);
    }

    private async Task<Side> MeasureAsync(Session session, IServerProgram program)
    {
        var work = Workspace.ApplicationHello with { MayClose = true };
        await using var server = await session.StartAsync(
            program, work, setup => setup with { Application = new PythonApplication(session.Workspace.Applications, module, workers) });
        await session.LoadAsync(server, work, session.Plan.WarmUpSeconds);
        await Task.Delay(TimeSpan.FromSeconds(session.Plan.SettleSeconds), session.Stop);
        var python = ProcessTree.Of(server.Pid)
            .Where(pid => ProcFile.Text(pid, "cmdline") is { } command && command.Contains("python", StringComparison.Ordinal)).ToArray();
        // A template or master beside the workers.
        if (python.Length != workers + 1)
            throw new RowFailedException($"{program.Name} has {python.Length} Python processes, expected {workers + 1}");
        return new Side(program.Name, program.Settings, [], ProportionalMemory.Of(python));
    }
}
