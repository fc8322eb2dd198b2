using Gatehouse.Upstreams.Policies;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams;

/// <summary>A group of targets that can answer for each other, live, and the policy that chooses among them.</summary>
public sealed class Upstream
{
    /// <summary>Targets that one group may have: a request marks those it tried in the bits of one word.</summary>
    public const int MaxTargets = 64;

    private readonly Target[] _targets;
    private readonly BalancingPolicy _policy;

    /// <summary>Joins targets and a policy.</summary>
    /// <exception cref="ArgumentException">There are none, or more than <see cref="MaxTargets"/>.</exception>
    public Upstream(Target[] targets, BalancingPolicy policy)
    {
        if (targets.Length is 0 or > MaxTargets)
            throw new ArgumentException($"An upstream has 1 to {MaxTargets} targets; found {targets.Length}.", nameof(targets));
        _targets = targets;
        _policy = policy;
    }

    /// <summary>The targets, in the order of the configuration.</summary>
    public ReadOnlySpan<Target> Targets => _targets;

    /// <summary>
    /// Chooses a target that is available and not in <paramref name="tried"/>, and marks it there; null when there is none. When none at all is available
    /// the check is waived: a guess that a failed target has recovered is better than a certain refusal.
    /// </summary>
    public Target? Choose(ref ulong tried)
    {
        var now = Environment.TickCount64;
        var untried = ~tried & ulong.MaxValue >> (MaxTargets - _targets.Length);
        var eligible = 0UL;
        for (var i = 0; i < _targets.Length; i++)
        {
            if (_targets[i].IsAvailable(now))
                eligible |= 1UL << i;
        }
        eligible = eligible == 0 ? untried : eligible & untried;
        if (eligible == 0)
            return null;
        var index = (eligible & (eligible - 1)) == 0 ? System.Numerics.BitOperations.TrailingZeroCount(eligible) : _policy.Choose(_targets, eligible);
        tried |= 1UL << index;
        return _targets[index];
    }
}
