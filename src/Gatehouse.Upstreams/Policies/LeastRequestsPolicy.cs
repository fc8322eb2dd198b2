using System.Numerics;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Policies;

/// <summary>The target with the fewest requests under way for its weight, as nginx's least_conn; among equals each in turn.</summary>
public sealed class LeastRequestsPolicy : BalancingPolicy
{
    private uint _turn;

    /// <inheritdoc/>
    public override int Choose(ReadOnlySpan<Target> targets, ulong eligible)
    {
        // Looking from another of the eligible each time shares out ties; the first of them would get every request of a lightly loaded group.
        var turn = (Interlocked.Increment(ref _turn) - 1) % (uint)BitOperations.PopCount(eligible);
        var start = TargetBits.Nth(eligible, (int)turn);
        var best = start;
        var bestActive = (long)targets[best].Active;
        for (var index = start + 1; index < targets.Length; index++)
            Compare(targets, eligible, index, ref best, ref bestActive);
        for (var index = 0; index < start; index++)
            Compare(targets, eligible, index, ref best, ref bestActive);
        return best;
    }

    private static void Compare(ReadOnlySpan<Target> targets, ulong eligible, int index, ref int best, ref long bestActive)
    {
        if ((eligible >> index & 1) == 0)
            return;
        var active = (long)targets[index].Active;
        // active / weight < bestActive / bestWeight, without a division.
        if (active * targets[best].Weight >= bestActive * targets[index].Weight)
            return;
        best = index;
        bestActive = active;
    }
}
