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
        // Looking from another place each time shares out ties; the first of them would get every request of a lightly loaded group.
        var start = (int)((Interlocked.Increment(ref _turn) - 1) % (uint)targets.Length);
        var best = -1;
        var bestActive = 0L;
        for (var i = 0; i < targets.Length; i++)
        {
            var index = start + i < targets.Length ? start + i : start + i - targets.Length;
            if ((eligible >> index & 1) == 0)
                continue;
            var active = (long)targets[index].Active;
            // active / weight < bestActive / bestWeight, without a division.
            if (best < 0 || active * targets[best].Weight < bestActive * targets[index].Weight)
            {
                best = index;
                bestActive = active;
            }
        }
        return best >= 0 ? best : BitOperations.TrailingZeroCount(eligible);
    }
}
