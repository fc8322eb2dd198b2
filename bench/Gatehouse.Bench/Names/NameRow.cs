using System.Diagnostics;
using System.Globalization;
using Gatehouse.Bench.Probes;
using Gatehouse.Bench.Processes;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Rows;

namespace Gatehouse.Bench.Names;

/// <summary>Server CPU per cached answer, against peers; the bound holds against the best of them.</summary>
/// <param name="name">For --only.</param>
/// <param name="title">For people.</param>
/// <param name="bound">The most that Gatehouse's CPU per query may be of the best peer's.</param>
/// <param name="way">How it is asked.</param>
/// <param name="peers">The peers.</param>
internal sealed class NameRow(string name, string title, double bound, NameWay way, params NameServerProgram[] peers) : IRow
{
    private const int Names = 10_000;

    public string Name => name;
    public string Title => title;

    public async Task<RowResult> RunAsync(Session session)
    {
        var folder = session.Workspace.NewServer("names").Folder;
        var port = Ports.Free();
        await using var upstream = Child.Start(NameServerProgram.Upstream(folder, port), session.Cores.LoadOnly);
        await NameServer.WaitAsync(port, upstream, session.Stop);
        var file = WriteNames(folder, Names);
        var servers = new List<NameServer>();
        try
        {
            foreach (var program in peers.Prepend(NameServerProgram.Gatehouse(session.Gatehouse.Command)))
            {
                var server = await NameServer.StartAsync(session, program, port, 10 * Names);
                servers.Add(server);
                await DnsPerf.OnceAsync(server.Setup, NameWay.Udp, file, session.Cores.LoadOnly, session.Stop);
                await DnsPerf.ForSecondsAsync(server.Setup, way, file, session.Plan.WarmUpSeconds, session.Cores.LoadOnly, session.Stop);
            }

            var samples = servers.Select(_ => new List<Sample>()).ToArray();
            for (var round = 0; round < session.Plan.Rounds; round++)
            {
                for (var turn = 0; turn < servers.Count; turn++)
                {
                    var i = round % 2 == 0 ? turn : servers.Count - 1 - turn;
                    samples[i].Add(await MeasureAsync(session, servers[i], file));
                }
            }

            Side[] sides = [.. servers.Select((server, i) => new Side(server.Program.Name, server.Program.Settings, samples[i], ResidentMemory.Of(server.Pid)))];
            var checks = sides.Skip(1).Select(peer => Compare(sides[0], peer)).OrderByDescending(check => check.Value).ToList();
            var notes = checks.Skip(1).Select(check => FormattableString.Invariant($"{check.What}: {check.Value:0.00} (rounds {check.Spread})"));
            return new RowResult(Name, Title, sides, [checks[0]], [.. notes, .. RowResult.Disturbances(sides)]);
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }
    }

    /// <summary>Writes a file of so many names for dnsperf.</summary>
    internal static string WriteNames(string folder, int count)
    {
        var path = Path.Combine(folder, "names.txt");
        using var file = new StreamWriter(path);
        for (var i = 0; i < count; i++)
            file.Write(string.Create(CultureInfo.InvariantCulture, $"n{i}.{NameServerProgram.Zone} A\n"));
        return path;
    }

    private async Task<Sample> MeasureAsync(Session session, NameServer server, string file)
    {
        var clock = Stopwatch.StartNew();
        var before = CpuTime.Of(server.Pid, null);
        var result = await DnsPerf.ForSecondsAsync(server.Setup, way, file, session.Plan.RoundSeconds, session.Cores.LoadOnly, session.Stop);
        var after = CpuTime.Of(server.Pid, null);
        return new Sample(
            after.UsedSince(before).TotalMicroseconds / result.Requests, result.Requests / result.Elapsed.TotalSeconds, result.P50, result.P99,
            (after.Waited - before.Waited) / clock.Elapsed);
    }

    private Check Compare(Side gatehouse, Side peer)
    {
        var ratio = gatehouse.To(peer, sample => sample.CpuMicros);
        return new Check($"server CPU per query, {gatehouse.Server} / {peer.Server} ({peer.Settings})", ratio.Median, bound, "", ratio.ToString());
    }
}
