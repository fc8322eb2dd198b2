using System.Numerics;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Policies;

/// <summary>
/// Of two targets by chance the one with fewer requests for its weight: nearly as even as looking at all, and it does not run the herd to the one that is
/// idle just now (Mitzenmacher, The Power of Two Choices in Randomized Load Balancing).
/// </summary>
public sealed class TwoChoicesPolicy(Random random) : BalancingPolicy
{
    /// <inheritdoc/>
    public override int Choose(ReadOnlySpan<Target> targets, ulong eligible)
    {
        var count = BitOperations.PopCount(eligible);
        if (count == 1)
            return BitOperations.TrailingZeroCount(eligible);
        var first = random.Next(count);
        var second = random.Next(count - 1);
        if (second >= first)
            second++;
        var a = TargetBits.Nth(eligible, first);
        var b = TargetBits.Nth(eligible, second);
        return (long)targets[a].Active * targets[b].Weight <= (long)targets[b].Active * targets[a].Weight ? a : b;
    }
}
