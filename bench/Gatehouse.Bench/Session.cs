using Gatehouse.Bench.Load;
using Gatehouse.Bench.Processes;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench;

/// <summary>What the rows of a run share.</summary>
internal sealed record Session(Plan Plan, Cores Cores, Workspace Workspace, GatehouseProgram Gatehouse, CancellationToken Stop)
{
    /// <summary>Starts a server under test on its core, in a fresh folder, and checks its answer; <paramref name="adapt"/> completes the setup.</summary>
    public Task<RunningServer> StartAsync(IServerProgram program, Work work, Func<ServerSetup, ServerSetup> adapt) =>
        RunningServer.StartAsync(program, adapt(Workspace.NewServer(program.Name)), work, Cores.ServerOnly, Stop);

    /// <summary>Starts the upstream of proxies, on the load's core.</summary>
    public Task<RunningServer> StartUpstreamAsync(Work work) =>
        RunningServer.StartAsync(new Upstream(), Workspace.NewServer("upstream"), work, Cores.LoadOnly, Stop);

    /// <summary>A closed loop against a server, from the load's core unless others are given.</summary>
    public Task<LoadResult> LoadAsync(RunningServer server, Work work, int seconds, IReadOnlyList<int>? cores = null) =>
        Wrk.RunAsync(work, server.WireLength, server.Setup, seconds, cores ?? Cores.LoadOnly, Workspace.WrkScript, Stop);
}
