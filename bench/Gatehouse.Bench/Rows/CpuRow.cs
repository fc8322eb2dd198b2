using System.Security.Authentication;
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

    /// <summary>The module of the Python application that answers; null for none.</summary>
    public string? Application { get; init; }

    /// <summary>All speak TLS, with the same certificate, and must agree with their clients on the same version and suite.</summary>
    public bool Secure { get; init; }

    /// <summary>TLS 1.2, where the load speaks that and not 1.3.</summary>
    public bool Tls12 { get; init; }

    /// <summary>What loads the servers: wrk, unless it is said.</summary>
    public LoadTool Tool { get; init; } = static (session, server, work, seconds) => session.LoadAsync(server, work, seconds);

    /// <summary>Gatehouse must allocate nothing for a request.</summary>
    public bool AllocatesNothing { get; init; }

    public async Task<RowResult> RunAsync(Session session)
    {
        var asked = work(session.Workspace);
        await using var upstream = Proxied ? await session.StartUpstreamAsync(asked) : null;
        await using var php = WithPhp ? await PhpPool.StartAsync(session) : null;
        ServerSetup Adapt(ServerSetup setup) => setup with
        {
            Upstream = upstream?.Setup.Port,
            Logged = Logged,
            PhpSocket = php?.Socket,
            Tls = Secure ? session.Workspace.Tls with { Version = Tls12 ? SslProtocols.Tls12 : SslProtocols.Tls13 } : null,
            CgiFolder = WithCgi ? session.Workspace.CgiFolder : null,
            EndsChildren = WithCgi,
            Application = Application is null ? null : new PythonApplication(session.Workspace.Applications, Application),
        };
        Task<LoadResult> Load(RunningServer server) => Tool(session, server, asked, session.Plan.RoundSeconds);

        var servers = new List<RunningServer>();
        try
        {
            foreach (var choices in peers)
                servers.Add(await session.StartAsync(await PeerChoice.BestAsync(session, choices, asked, Tool, Adapt), asked, Adapt));
            servers.Insert(0, await session.StartAsync(session.Gatehouse, asked, Adapt));
            RequireSameTls(servers);
            await Tool(session, servers[0], asked, session.Plan.WarmUpSeconds);

            var sides = await Contest.RunAsync(servers, asked, session.Plan.Rounds, Load, session.Stop);
            var checks = sides.Skip(1).Select(peer => Compare(sides[0], peer)).OrderByDescending(check => check.Value).ToList();
            // Only the best peer's ratio is a bound when there are several; the others are told.
            var notes = checks.Skip(1).Select(check => FormattableString.Invariant($"{check.What}: {check.Value:0.00} (rounds {check.Spread})")).ToList();
            checks = [checks[0]];
            if (AllocatesNothing) checks.Add(await AllocationCheck.RunAsync(session, servers[0], seconds => Tool(session, servers[0], asked, seconds)));
            if (Logged) foreach (var server in servers) await AccessLogCheck.RunAsync(server, sides[servers.IndexOf(server)], session);
            if (servers[0].TlsFacts is { } facts) notes.Add($"agreed on by all: {facts}, certificate on P-256");
            return new RowResult(Name, Title, sides, checks, [.. notes, .. RowResult.Disturbances(sides)]);
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    }

    private static void RequireSameTls(List<RunningServer> servers)
    {
        foreach (var server in servers)
        {
            if (server.TlsFacts != servers[0].TlsFacts)
                throw new RowFailedException($"{servers[0].Program.Name} agrees on {servers[0].TlsFacts}, {server.Program.Name} on {server.TlsFacts}");
        }
    }

    private Check Compare(Side gatehouse, Side peer)
    {
        var ratio = gatehouse.To(peer, sample => sample.CpuMicros);
        return new Check($"server CPU per request, {gatehouse.Server} / {peer.Server}", ratio.Median, bound, "", ratio.ToString());
    }
}
