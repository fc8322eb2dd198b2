using System.Diagnostics;
using Gatehouse.Bench.Load;
using Gatehouse.Bench.Probes;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Rows;

/// <summary>Measures servers in turns.</summary>
internal static class Contest
{
    /// <summary>
    /// A round for each server, and again, <paramref name="rounds"/> times; every other time in the opposite order, so that a drift of the machine
    /// favours nobody. Then each must still answer as expected. Gives a side for each server, in their order.
    /// </summary>
    public static async Task<IReadOnlyList<Side>> RunAsync(
        IReadOnlyList<RunningServer> servers, Work work, int rounds, Func<RunningServer, Task<LoadResult>> load, CancellationToken stop)
    {
        var samples = servers.Select(_ => new List<Sample>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < servers.Count; turn++)
            {
                var i = round % 2 == 0 ? turn : servers.Count - 1 - turn;
                samples[i].Add(await MeasureAsync(servers[i], load));
            }
        }

        foreach (var server in servers) await server.CheckAsync(work, stop);
        return [.. servers.Select((server, i) => new Side(server.Program.Name, server.Program.Settings, samples[i], ResidentMemory.Of(server.Pid)))];
    }

    private static async Task<Sample> MeasureAsync(RunningServer server, Func<RunningServer, Task<LoadResult>> load)
    {
        var clock = Stopwatch.StartNew();
        var before = server.Cpu;
        LoadResult result;
        try
        {
            result = await load(server);
        }
        catch (RowFailedException e)
        {
            throw new RowFailedException($"{server.Program.Name}: {e.Message}");
        }

        var after = server.Cpu;
        // By bytes, where the tool counts them: of large answers dozens are half done when the time is up, and they cost CPU too.
        var answers = result.Bytes > 0 ? (double)result.Bytes / server.WireLength : result.Requests;
        return new Sample(
            after.UsedSince(before).TotalMicroseconds / answers, answers / result.Elapsed.TotalSeconds, result.P50, result.P99,
            (after.Waited - before.Waited) / clock.Elapsed);
    }
}
