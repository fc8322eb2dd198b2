using Gatehouse.Load.Running;

namespace Gatehouse.Load.Tests.Running;

/// <summary>Alone, because what other tests allocate would count.</summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    [Fact]
    public async Task A_request_allocates_nothing()
    {
        using var server = new LoadedServer();
        var plan = server.Plan() with { Connections = 4 };
        await LoadRun.RunAsync(plan with { Requests = 2_000 });
        var few = await AllocatedAsync(2_000);
        var many = await AllocatedAsync(22_000);
        // An object for each request would be half a megabyte or more.
        Assert.True((many - few) / 20_000.0 < 24, $"{(many - few) / 20_000.0} bytes for each request");

        async Task<long> AllocatedAsync(long requests)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var result = await LoadRun.RunAsync(plan with { Requests = requests });
            // Each second has a histogram of its own, and one that joins those of all threads.
            return GC.GetTotalAllocatedBytes(precise: true) - before - (result.Series.Count * 80_000L);
        }
    }
}
