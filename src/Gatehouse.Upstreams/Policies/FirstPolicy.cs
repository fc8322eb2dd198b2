using System.Numerics;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Policies;

/// <summary>The first target that is available, in the order of the configuration: the others are its substitutes.</summary>
public sealed class FirstPolicy : BalancingPolicy
{
    /// <inheritdoc/>
    public override int Choose(ReadOnlySpan<Target> targets, ulong eligible) => BitOperations.TrailingZeroCount(eligible);
}
