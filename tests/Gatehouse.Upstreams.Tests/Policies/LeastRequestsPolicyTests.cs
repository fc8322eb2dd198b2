using Gatehouse.Upstreams.Policies;
using Gatehouse.Upstreams.Targets;
using Gatehouse.Upstreams.Tests.Support;

namespace Gatehouse.Upstreams.Tests.Policies;

/// <summary>The fewest requests for the weight; among equals each in turn, also when some are out.</summary>
public sealed class LeastRequestsPolicyTests
{
    [Theory]
    [InlineData(new[] { 1, 1, 1 }, new[] { 2, 1, 3 }, "b")]
    [InlineData(new[] { 4, 1 }, new[] { 3, 1 }, "a")]
    [InlineData(new[] { 4, 1 }, new[] { 5, 1 }, "b")]
    [InlineData(new[] { 100, 1 }, new[] { 99, 1 }, "a")]
    [InlineData(new[] { 1, 1, 1, 1 }, new[] { 1, 1, 1, 0 }, "d")]
    public void Fewest_for_the_weight(int[] weights, int[] active, string expected)
    {
        var targets = Busy(weights, active);
        var policy = new LeastRequestsPolicy();
        for (var i = 0; i < 10; i++)
            Assert.Equal(expected, targets[policy.Choose(targets, Make.All(targets))].Name);
    }

    [Theory]
    [InlineData(0b111UL, "abcabcabc")]
    [InlineData(0b101UL, "acacacac")]
    [InlineData(0b100UL, "ccc")]
    public void Equals_take_turns(ulong eligible, string expected)
    {
        var targets = Make.Targets(1, 1, 1);
        var policy = new LeastRequestsPolicy();
        Assert.Equal(expected, string.Concat(expected.Select(_ => targets[policy.Choose(targets, eligible)].Name)));
    }

    [Fact]
    public void Load_that_stays_spreads_by_weight()
    {
        var targets = Make.Targets(3, 2, 1);
        var policy = new LeastRequestsPolicy();
        for (var i = 0; i < 600; i++)
            targets[policy.Choose(targets, 0b111)].Begin();
        Assert.Equal([300, 200, 100], targets.Select(target => target.Active));
    }

    private static Target[] Busy(int[] weights, int[] active)
    {
        var targets = Make.Targets(weights);
        for (var i = 0; i < targets.Length; i++)
        {
            for (var n = 0; n < active[i]; n++)
                targets[i].Begin();
        }
        return targets;
    }
}
