using Gatehouse.Bench.Probes;
using Gatehouse.Bench.Processes;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Rows;

namespace Gatehouse.Bench.Names;

/// <summary>Resident memory with a million cached names, against unbound; a second pass must be answered from the cache by both.</summary>
internal sealed class NameMemoryRow(string name, string title, double bound) : IRow
{
    private const int Names = 1_000_000;

    public string Name => name;
    public string Title => title;

    public async Task<RowResult> RunAsync(Session session)
    {
        var folder = session.Workspace.NewServer("names").Folder;
        var file = NameRow.WriteNames(folder, Names);
        var (gatehouse, mine) = await MeasureAsync(session, NameServerProgram.Gatehouse(session.Gatehouse.Command), file);
        var (unbound, theirs) = await MeasureAsync(session, NameServerProgram.Unbound(), file);
        return new RowResult(
            Name, Title, [gatehouse, unbound], [new Check($"resident with {Names:#,0} names, gatehouse / unbound", mine / theirs, bound, "")],
            [FormattableString.Invariant($"gatehouse {mine / (1 << 20):0.0} MB, unbound {theirs / (1 << 20):0.0} MB; the second pass was answered without the server behind")]);
    }

    private static async Task<(Side Side, double Resident)> MeasureAsync(Session session, NameServerProgram program, string file)
    {
        var folder = session.Workspace.NewServer("upstream").Folder;
        var port = Ports.Free();
        var upstream = Child.Start(NameServerProgram.Upstream(folder, port), session.Cores.LoadOnly);
        try
        {
            await NameServer.WaitAsync(port, upstream, session.Stop);
            await using var server = await NameServer.StartAsync(session, program, port, Names);

            // What a first pass loses is asked for again: only then are all there.
            for (var pass = 0; pass < 2; pass++)
                await DnsPerf.OnceAsync(server.Setup, NameWay.Udp, file, session.Cores.LoadOnly, session.Stop);

            // With nobody behind it any more, a miss would be an error.
            await upstream.DisposeAsync();
            await DnsPerf.OnceAsync(server.Setup, NameWay.Udp, file, session.Cores.LoadOnly, session.Stop);
            var resident = ResidentMemory.Of(server.Pid);
            return (new Side(program.Name, program.Settings, [], resident), resident);
        }
        finally
        {
            await upstream.DisposeAsync();
        }
    }
}
