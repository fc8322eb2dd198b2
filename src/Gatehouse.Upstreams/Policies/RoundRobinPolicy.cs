using System.Numerics;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Policies;

/// <summary>
/// Each target in turn, in proportion to the weights: smooth weighted round-robin as in nginx, computed once for a whole cycle, so that a choice is one
/// interlocked increment.
/// </summary>
public sealed class RoundRobinPolicy : BalancingPolicy
{
    private readonly byte[] _order;
    private uint _next;

    /// <summary>The policy for targets of these weights.</summary>
    public RoundRobinPolicy(ReadOnlySpan<int> weights) => _order = Schedule(weights);

    /// <inheritdoc/>
    public override int Choose(ReadOnlySpan<Target> targets, ulong eligible)
    {
        for (var i = 0; i < _order.Length; i++)
        {
            var index = _order[(Interlocked.Increment(ref _next) - 1) % (uint)_order.Length];
            if ((eligible >> index & 1) != 0)
                return index;
        }
        return BitOperations.TrailingZeroCount(eligible);
    }

    private static byte[] Schedule(ReadOnlySpan<int> weights)
    {
        var divisor = 0;
        foreach (var weight in weights)
            divisor = Gcd(weight, divisor);
        var total = 0;
        foreach (var weight in weights)
            total += weight / divisor;
        var order = new byte[total];
        var current = new int[weights.Length];
        for (var turn = 0; turn < total; turn++)
        {
            var best = 0;
            for (var i = 0; i < weights.Length; i++)
            {
                current[i] += weights[i] / divisor;
                if (current[i] > current[best])
                    best = i;
            }
            current[best] -= total;
            order[turn] = (byte)best;
        }
        return order;
    }

    private static int Gcd(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
