using Gatehouse.Bench.Load;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Rows;

/// <summary>p99 latency under an open load at half of nginx's peak rate, against nginx's.</summary>
internal sealed class LatencyRow(string name, string title, double bound) : IRow
{
    public string Name => name;
    public string Title => title;

    public async Task<RowResult> RunAsync(Session session)
    {
        var work = Workspace.Hello;
        var plan = session.Plan;
        await using var gatehouse = await session.StartAsync(session.Gatehouse, work, setup => setup);
        await using var nginx = await session.StartAsync(new Nginx(), work, setup => setup);

        await session.LoadAsync(gatehouse, work, plan.WarmUpSeconds);
        var closed = await session.LoadAsync(nginx, work, plan.RatedSeconds);
        var rate = closed.Requests / closed.Elapsed.TotalSeconds / 2;

        var sides = await Contest.RunAsync(
            [gatehouse, nginx], work, plan.RatedRounds,
            server => H2Load.RunAsync(work, server.Setup.Port, rate, plan.RatedSeconds, session.Cores.LoadOnly, session.Workspace.Scratch, session.Stop),
            session.Stop);
        var ratio = sides[0].To(sides[1], sample => sample.P99Micros);
        return new RowResult(
            Name, Title, sides,
            [new Check("p99 latency, gatehouse / nginx", ratio.Median, bound, "", ratio.ToString())],
            [FormattableString.Invariant($"asked rate: {rate:#,0} requests/s, half of nginx's {2 * rate:#,0}"), .. RowResult.Disturbances(sides)]);
    }
}
