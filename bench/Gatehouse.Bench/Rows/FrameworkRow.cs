using Gatehouse.Bench.Load;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Rows;

/// <summary>One of TechEmpower's tests: server CPU per request of an application against the same application on something else. The database's CPU does not count.</summary>
/// <param name="name">For --only.</param>
/// <param name="title">For people.</param>
/// <param name="bound">The most that the subject's CPU per request may be of the peer's.</param>
/// <param name="work">The request.</param>
/// <param name="subject">Ours.</param>
/// <param name="peers">The peer's settings to choose from.</param>
internal sealed class FrameworkRow(string name, string title, double bound, Work work, IServerProgram subject, params IServerProgram[] peers) : IRow
{
    public string Name => name;
    public string Title => title;

    /// <summary>The test reads from the database.</summary>
    public bool WithDatabase { get; init; }

    /// <summary>The module of the peer that is in Python; null when it is not.</summary>
    public string? Application { get; init; }

    public async Task<RowResult> RunAsync(Session session)
    {
        await DotnetExample.BuildAsync(session.Stop);
        await using var database = WithDatabase ? await Postgres.StartAsync(session, DotnetExample.Schema) : null;
        ServerSetup Adapt(ServerSetup setup) => setup with
        {
            Database = database,
            Application = Application is null ? null : new PythonApplication(session.Workspace.Applications, Application),
        };
        LoadTool load = static (session, server, work, seconds) => session.LoadAsync(server, work, seconds);
        var servers = new List<RunningServer>();
        try
        {
            servers.Add(await session.StartAsync(subject, work, Adapt));
            servers.Add(await session.StartAsync(await PeerChoice.BestAsync(session, peers, work, load, Adapt), work, Adapt));
            foreach (var server in servers) await load(session, server, work, session.Plan.WarmUpSeconds);
            var sides = await Contest.RunAsync(servers, work, session.Plan.Rounds, server => load(session, server, work, session.Plan.RoundSeconds), session.Stop);
            var ratio = sides[0].To(sides[1], sample => sample.CpuMicros);
            var check = new Check($"server CPU per request, {sides[0].Server} / {sides[1].Server}", ratio.Median, bound, "", ratio.ToString());
            return new RowResult(Name, Title, sides, [check], [.. RowResult.Disturbances(sides)]);
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    }
}
