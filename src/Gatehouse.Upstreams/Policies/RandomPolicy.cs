using System.Numerics;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Policies;

/// <summary>A target by chance, in proportion to the weights. Without memory, so that many instances of a front do not fall into step.</summary>
public sealed class RandomPolicy(int[] weights, Random random) : BalancingPolicy
{
    /// <inheritdoc/>
    public override int Choose(ReadOnlySpan<Target> targets, ulong eligible)
    {
        var total = 0;
        for (var rest = eligible; rest != 0; rest &= rest - 1)
            total += weights[BitOperations.TrailingZeroCount(rest)];
        var at = random.Next(total);
        for (var rest = eligible; ; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            at -= weights[index];
            if (at < 0)
                return index;
        }
    }
}
