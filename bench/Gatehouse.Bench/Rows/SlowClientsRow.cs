using Gatehouse.Bench.Load;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Rows;

/// <summary>What fast clients of two workers wait while slow ones send and take: p99 under an open load, against the same without the slow ones.</summary>
/// <param name="name">For --only.</param>
/// <param name="title">For people.</param>
/// <param name="bound">How many times the unloaded p99.</param>
/// <param name="module">The application.</param>
internal sealed class SlowClientsRow(string name, string title, double bound, string module) : IRow
{
    private const int Clients = 200;

    // A tenth of what the workers could do: what is measured is that nobody waits, not a queue.
    private const double Rate = 1000;

    public string Name => name;
    public string Title => title;

    public async Task<RowResult> RunAsync(Session session)
    {
        var work = Workspace.ApplicationHello;
        var plan = session.Plan;
        await using var server = await session.StartAsync(
            session.Gatehouse, work, setup => setup with { Application = new PythonApplication(session.Workspace.Applications, module, Workers: 2) });
        Task<IReadOnlyList<Side>> MeasureAsync() => Contest.RunAsync(
            [server], work, plan.RatedRounds,
            target => H2Load.RunAsync(work, target.Setup.Port, Rate, plan.RatedSeconds, session.Cores.LoadOnly, session.Workspace.Scratch, session.Stop), session.Stop);

        await session.LoadAsync(server, work, plan.WarmUpSeconds);
        var alone = (await MeasureAsync())[0] with { Settings = "alone" };
        using var slow = new SlowClients(server.Setup.Port, Clients, Workspace.ApplicationUpload, Workspace.ApplicationDownload);
        await Task.Delay(TimeSpan.FromSeconds(plan.SettleSeconds), session.Stop);
        var beside = (await MeasureAsync())[0] with { Settings = $"beside {Clients} slow clients" };
        slow.RequireOpen();
        var ratio = beside.To(alone, sample => sample.P99Micros);
        return new RowResult(
            Name, Title, [alone, beside], [new Check("p99 latency, beside slow clients / alone", ratio.Median, bound, "", ratio.ToString())],
            [FormattableString.Invariant($"{Rate} requests/s; half of the slow clients send a megabyte at 1 KB/s, half take one")]);
    }
}
