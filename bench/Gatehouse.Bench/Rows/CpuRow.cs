using Gatehouse.Bench.Load;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Rows;

/// <summary>Server CPU per request, against the best setting of each peer; the bound holds against the best peer.</summary>
/// <param name="name">For --only.</param>
/// <param name="title">For people.</param>
/// <param name="bound">The most that Gatehouse's CPU per request may be of the best peer's.</param>
/// <param name="work">The request.</param>
/// <param name="peers">For each peer, its settings to choose from.</param>
internal sealed class CpuRow(string name, string title, double bound, Func<Workspace, Work> work, params IServerProgram[][] peers) : IRow
{
    public string Name => name;
    public string Title => title;

    /// <summary>The work is answered by an upstream, behind Gatehouse and behind each peer.</summary>
    public bool Proxied { get; init; }

    /// <summary>All write an access log, and it must hold a line for each request.</summary>
    public bool Logged { get; init; }

    /// <summary>The work is answered by php-fpm, behind Gatehouse and behind each peer.</summary>
    public bool WithPhp { get; init; }

    /// <summary>The work is answered by a CGI script.</summary>
    public bool WithCgi { get; init; }

    /// <summary>Gatehouse must allocate nothing for a request.</summary>
    public bool AllocatesNothing { get; init; }

    public async Task<RowResult> RunAsync(Session session)
    {
        var asked = work(session.Workspace);
        await using var upstream = Proxied ? await session.StartUpstreamAsync(asked) : null;
        await using var php = WithPhp ? await PhpPool.StartAsync(session) : null;
        ServerSetup Adapt(ServerSetup setup) => setup with
        {
            Upstream = upstream?.Setup.Port, Logged = Logged, PhpSocket = php?.Socket, CgiFolder = WithCgi ? session.Workspace.CgiFolder : null,
        };
        Task<LoadResult> Load(RunningServer server) => session.LoadAsync(server, asked, session.Plan.RoundSeconds);

        var servers = new List<RunningServer>();
        try
        {
            foreach (var choices in peers)
                servers.Add(await session.StartAsync(await PeerChoice.BestAsync(session, choices, asked, Adapt), asked, Adapt));
            servers.Insert(0, await session.StartAsync(session.Gatehouse, asked, Adapt));
            await session.LoadAsync(servers[0], asked, session.Plan.WarmUpSeconds);

            var sides = await Contest.RunAsync(servers, asked, session.Plan.Rounds, Load, session.Stop);
            var checks = sides.Skip(1).Select(peer => Compare(sides[0], peer)).OrderByDescending(check => check.Value).ToList();
            // Only the best peer's ratio is a bound when there are several; the others are told.
            var notes = checks.Skip(1).Select(check => FormattableString.Invariant($"{check.What}: {check.Value:0.00} (rounds {check.Spread})")).ToList();
            checks = [checks[0]];
            if (AllocatesNothing) checks.Add(await AllocationCheck.RunAsync(session, servers[0], asked));
            if (Logged) foreach (var server in servers) await AccessLogCheck.RunAsync(server, sides[servers.IndexOf(server)], session);
            return new RowResult(Name, Title, sides, checks, [.. notes, .. RowResult.Disturbances(sides)]);
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    }

    private Check Compare(Side gatehouse, Side peer)
    {
        var ratio = gatehouse.To(peer, sample => sample.CpuMicros);
        return new Check($"server CPU per request, {gatehouse.Server} / {peer.Server}", ratio.Median, bound, "", ratio.ToString());
    }
}
