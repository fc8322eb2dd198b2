using Gatehouse.Gateways.Supervision;

namespace Gatehouse.Gateways.Tests.Supervision;

/// <summary>Waits that double up to a bound.</summary>
public sealed class BackoffTests
{
    [Fact]
    public void It_doubles_up_to_its_bound_and_starts_anew_after_success()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(0, 5).Select(_ => backoff.Fail().TotalSeconds));
        for (var i = 0; i < 100; i++)
            Assert.Equal(5, backoff.Fail().TotalSeconds);
        backoff.Succeed();
        Assert.Equal(1, backoff.Fail().TotalSeconds);
    }
}
