using Gatehouse.Bench.Load;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Rows;

/// <summary>What a second reactor costs: CPU per request of two on both cores with the load alongside, against one on a core of its own.</summary>
internal sealed class ReactorsRow(string name, string title, double bound) : IRow
{
    public string Name => name;
    public string Title => title;

    public async Task<RowResult> RunAsync(Session session)
    {
        var work = Workspace.Hello;
        var (cores, plan) = (session.Cores, session.Plan);
        await using var one = await session.StartAsync(session.Gatehouse, work, setup => setup);
        await using var two = await RunningServer.StartAsync(
            session.Gatehouse, session.Workspace.NewServer(GatehouseProgram.Title) with { Reactors = 2 }, work, cores.Both, session.Stop);
        Task<LoadResult> Load(RunningServer server, int seconds) =>
            session.LoadAsync(server, work, seconds, server == two ? cores.Both : cores.LoadOnly);

        await Load(one, plan.WarmUpSeconds);
        await Load(two, plan.WarmUpSeconds);
        var sides = await Contest.RunAsync([one, two], work, plan.Rounds, server => Load(server, plan.RoundSeconds), session.Stop);
        var ratio = sides[1].To(sides[0], sample => sample.CpuMicros);
        return new RowResult(
            Name, Title,
            [sides[0] with { Settings = "one reactor, alone on its core" }, sides[1] with { Settings = "two reactors, on both cores with the load" }],
            [new Check("server CPU per request, two reactors / one", ratio.Median, bound, "", ratio.ToString())],
            [.. RowResult.Disturbances([sides[0]])]);
    }
}
