using Gatehouse.Load.Running;

namespace Gatehouse.Load.Tests.Running;

[Collection(nameof(Alone))]
public sealed class StallTests
{
    // Of requests that are due at a constant rate, the k-th slowest was due k intervals after the stall began, and so waited k intervals less than the stall.
    [Fact]
    public async Task Percentiles_are_those_of_who_waited_for_the_stall()
    {
        const double Rate = 200;
        const double Seconds = 4;
        using var server = new LoadedServer(stallAt: 100, stall: TimeSpan.FromSeconds(1));
        var result = await LoadRun.RunAsync(server.Plan() with { Connections = 10, Rate = Rate, Duration = TimeSpan.FromSeconds(Seconds) });
        var stall = server.Handler.Stalled;
        Assert.True(stall >= 1, $"{stall}");
        foreach (var (percentile, waited) in (ReadOnlySpan<(double, double)>)[(99, stall - (0.01 * Seconds)), (95, stall - (0.05 * Seconds)), (90, stall - (0.1 * Seconds))])
        {
            var found = result.Latency.At(percentile) / 1e6;
            // Exact from below: nobody can have waited less. From above there is what the machine adds.
            Assert.True(found >= 0.95 * waited, $"p{percentile}: found {found} s, expected {waited} s");
            Assert.True(found <= (1.05 * waited) + 0.5, $"p{percentile}: found {found} s, expected {waited} s");
        }
        // Who waits for the server before sending sees ten slow requests among 800, and nothing of it at the 90th percentile.
        Assert.True(result.Service.At(90) < result.Latency.At(90) / 2, $"{result.Service.At(90)} µs and {result.Latency.At(90)} µs");
        Assert.Equal(server.Handler.Count, result.Requests);
        Assert.InRange(result.Requests + result.Failures, (long)(Rate * Seconds * 0.98), (long)(Rate * Seconds * 1.1));
    }
}
