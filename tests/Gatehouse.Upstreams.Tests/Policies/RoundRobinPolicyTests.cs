using Gatehouse.Upstreams.Policies;
using Gatehouse.Upstreams.Tests.Support;

namespace Gatehouse.Upstreams.Tests.Policies;

/// <summary>The order is that of nginx's smooth weighted round-robin (ngx_http_upstream_get_peer), computed here as it does it: one choice at a time.</summary>
public sealed class RoundRobinPolicyTests
{
    [Theory]
    [InlineData(new[] { 1, 1, 1 }, "abcabc")]
    [InlineData(new[] { 5, 1, 1 }, "aabacaaaabacaa")]
    [InlineData(new[] { 4, 2, 1 }, "abacabaabacaba")]
    [InlineData(new[] { 3, 1 }, "aabaaaba")]
    [InlineData(new[] { 10, 10 }, "abab")]
    [InlineData(new[] { 1 }, "aaa")]
    public void Known_sequences(int[] weights, string expected) => Assert.Equal(expected, Sequence(weights, expected.Length));

    [Fact]
    public void Sequence_is_that_of_nginx_for_any_weights()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var weights = Enumerable.Range(0, random.Next(1, 65)).Select(_ => random.Next(1, 101)).ToArray();
            var turns = Math.Min(weights.Sum() * 2, 2000);
            Assert.Equal(Nginx(weights, turns), Choices(weights, turns));
        }
    }

    [Fact]
    public void Targets_that_are_out_are_passed_over()
    {
        var targets = Make.Targets(5, 1, 1);
        var policy = new RoundRobinPolicy([5, 1, 1]);
        Assert.Equal("bcbcbc", string.Concat(Enumerable.Range(0, 6).Select(_ => targets[policy.Choose(targets, 0b110)].Name)));
    }

    [Fact]
    public void Reactors_that_choose_at_the_same_time_share_one_order()
    {
        var targets = Make.Targets(3, 2, 1);
        var policy = new RoundRobinPolicy([3, 2, 1]);
        var counts = new int[3];
        Parallel.For(0, 6000, _ => Interlocked.Increment(ref counts[policy.Choose(targets, 0b111)]));
        Assert.Equal([3000, 2000, 1000], counts);
    }

    private static string Sequence(int[] weights, int turns) => string.Concat(Choices(weights, turns).Select(index => (char)('a' + index)));

    private static List<int> Choices(int[] weights, int turns)
    {
        var targets = Make.Targets(weights);
        var policy = new RoundRobinPolicy(weights);
        return [.. Enumerable.Range(0, turns).Select(_ => policy.Choose(targets, Make.All(targets)))];
    }

    private static List<int> Nginx(int[] weights, int turns)
    {
        var current = new int[weights.Length];
        var choices = new List<int>();
        for (var turn = 0; turn < turns; turn++)
        {
            var best = -1;
            for (var i = 0; i < weights.Length; i++)
            {
                current[i] += weights[i];
                if (best < 0 || current[i] > current[best])
                    best = i;
            }
            current[best] -= weights.Sum();
            choices.Add(best);
        }
        return choices;
    }
}
