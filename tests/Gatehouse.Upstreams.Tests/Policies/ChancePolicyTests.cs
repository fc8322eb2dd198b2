using Gatehouse.Upstreams.Policies;
using Gatehouse.Upstreams.Tests.Support;

namespace Gatehouse.Upstreams.Tests.Policies;

/// <summary>The policies that draw lots, with a seeded lot: shares within what chance allows.</summary>
public sealed class ChancePolicyTests
{
    private const int Draws = 60_000;

    [Theory]
    [InlineData(new[] { 1, 1, 1 }, 0b111UL)]
    [InlineData(new[] { 5, 2, 3 }, 0b111UL)]
    [InlineData(new[] { 5, 2, 3 }, 0b110UL)]
    [InlineData(new[] { 1, 100 }, 0b11UL)]
    public void Random_shares_by_weight(int[] weights, ulong eligible)
    {
        var targets = Make.Targets(weights);
        var policy = new RandomPolicy(weights, new Random(42));
        var counts = new int[weights.Length];
        for (var i = 0; i < Draws; i++)
            counts[policy.Choose(targets, eligible)]++;
        CheckShares(counts, [.. weights.Select((weight, i) => (eligible >> i & 1) != 0 ? weight : 0)]);
    }

    [Fact]
    public void Two_choices_share_evenly_among_equals()
    {
        var targets = Make.Targets(1, 1, 1, 1);
        var policy = new TwoChoicesPolicy(new Random(42));
        var counts = new int[4];
        for (var i = 0; i < Draws; i++)
            counts[policy.Choose(targets, 0b1111)]++;
        CheckShares(counts, [1, 1, 1, 1]);
    }

    [Fact]
    public void Two_choices_never_take_the_busiest_and_two_thirds_of_the_time_the_idlest()
    {
        // Of the three pairs of three, two have the idlest, and none but the one without it has the middle one; the busiest wins no pair.
        var targets = Make.Targets(1, 1, 1);
        for (var i = 0; i < 2; i++)
        {
            for (var n = 0; n <= i; n++)
                targets[i + 1].Begin();
        }
        var policy = new TwoChoicesPolicy(new Random(42));
        var counts = new int[3];
        for (var i = 0; i < Draws; i++)
            counts[policy.Choose(targets, 0b111)]++;
        CheckShares(counts, [2, 1, 0]);
    }

    [Fact]
    public void Two_choices_weigh()
    {
        var targets = Make.Targets(4, 1);
        for (var i = 0; i < 3; i++)
            targets[0].Begin();
        targets[1].Begin();
        var policy = new TwoChoicesPolicy(new Random(42));
        for (var i = 0; i < 100; i++)
            Assert.Equal(0, policy.Choose(targets, 0b11));
    }

    [Theory]
    [InlineData("random")]
    [InlineData("two-choices")]
    [InlineData("round-robin")]
    [InlineData("least-requests")]
    [InlineData("first")]
    public void Only_what_is_eligible_is_chosen(string name)
    {
        var targets = Make.Targets([.. Enumerable.Range(1, 64)]);
        var policy = BalancingPolicies.Create(name, targets);
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            // From all of them down to a single one, at either end.
            var eligible = (ulong)random.NextInt64() & (ulong)random.NextInt64() & (ulong)random.NextInt64();
            eligible |= 1UL << (i % 64);
            if (i % 5 == 0)
                eligible = 1UL << (i % 64);
            Assert.Equal(1UL, eligible >> policy.Choose(targets, eligible) & 1);
        }
    }

    [Fact]
    public void First_takes_the_first()
    {
        var targets = Make.Targets(1, 1, 1);
        var policy = BalancingPolicies.Create("first", targets);
        ulong[] eligible = [0b111, 0b110, 0b100];
        Assert.Equal([0, 1, 2], eligible.Select(bits => policy.Choose(targets, bits)));
    }

    [Fact]
    public void Unknown_policy_is_named()
    {
        var exception = Assert.Throws<ArgumentException>(() => BalancingPolicies.Create("fastest", Make.Targets(1)));
        Assert.Contains("'fastest'", exception.Message, StringComparison.Ordinal);
    }

    // Pearson's chi-square; 20 is beyond the 99.98th percentile for up to three degrees of freedom, and the lot is seeded.
    private static void CheckShares(int[] counts, int[] shares)
    {
        var total = (double)shares.Sum();
        var chi = 0.0;
        for (var i = 0; i < counts.Length; i++)
        {
            var expected = counts.Sum() * shares[i] / total;
            if (expected == 0)
                Assert.Equal(0, counts[i]);
            else
                chi += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        Assert.True(chi < 20, $"Shares {string.Join(':', counts)} instead of {string.Join(':', shares)}; chi-square {chi:0.0}.");
    }
}
