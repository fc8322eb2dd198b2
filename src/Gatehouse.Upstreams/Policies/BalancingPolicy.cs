using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Policies;

/// <summary>Chooses a target for a request. One instance serves all reactors; what it keeps is interlocked.</summary>
public abstract class BalancingPolicy
{
    /// <summary>
    /// Chooses among <paramref name="targets"/> one that <paramref name="eligible"/> has a bit for; at least one bit is set. Returns its index.
    /// </summary>
    public abstract int Choose(ReadOnlySpan<Target> targets, ulong eligible);
}
