using System.Diagnostics;
using Gatehouse.Bench.Load;
using Gatehouse.Bench.Probes;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Rows;

/// <summary>Bytes that the collector's heap gave out for each request in the steady state.</summary>
internal static class AllocationCheck
{
    /// <summary>
    /// Reads the collector's counter twice within one <paramref name="load"/> of so many seconds, when its connections are long open, and divides the difference, less what reading
    /// the counter itself allocates, by the requests between. Less than one byte is none: the runtime's own threads allocate now and then.
    /// </summary>
    public static async Task<Check> RunAsync(Session session, RunningServer server, Func<int, Task<LoadResult>> load)
    {
        var port = server.Setup.AdminPort;
        await AllocationMeter.ReadAsync(port, session.Stop);
        var idle = await AllocationMeter.ReadAsync(port, session.Stop);
        var cost = await AllocationMeter.ReadAsync(port, session.Stop) - idle;

        var seconds = session.Plan.AllocationSeconds;
        var running = load(seconds);
        await Task.Delay(TimeSpan.FromSeconds(0.25 * seconds), session.Stop);
        var first = await AllocationMeter.ReadAsync(port, session.Stop);
        var clock = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(0.5 * seconds), session.Stop);
        var second = await AllocationMeter.ReadAsync(port, session.Stop);
        var between = clock.Elapsed;

        var result = await running;
        var requests = result.Requests * (between / result.Elapsed);
        return new Check("allocated for each request (less than 1 is none)", Math.Max(0, second - first - cost) / requests, 1, "bytes");
    }
}
