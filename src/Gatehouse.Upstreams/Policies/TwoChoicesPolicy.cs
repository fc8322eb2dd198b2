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
        var first = random.Next(count);
        var second = random.Next(count - 1);
        if (second >= first)
            second++;
        var a = Nth(eligible, first);
        var b = Nth(eligible, second);
        return (long)targets[a].Active * targets[b].Weight <= (long)targets[b].Active * targets[a].Weight ? a : b;
    }

    private static int Nth(ulong bits, int n)
    {
        for (; n > 0; n--)
            bits &= bits - 1;
        return BitOperations.TrailingZeroCount(bits);
    }
}
