using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Policies;

/// <summary>The policies by their names in the configuration.</summary>
public static class BalancingPolicies
{
    /// <summary>The policy of that name for <paramref name="targets"/>.</summary>
    /// <exception cref="ArgumentException">There is no such policy.</exception>
    public static BalancingPolicy Create(string name, ReadOnlySpan<Target> targets)
    {
        var weights = new int[targets.Length];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = targets[i].Weight;
        return name switch
        {
            "round-robin" => new RoundRobinPolicy(weights),
            "least-requests" => new LeastRequestsPolicy(),
            "random" => new RandomPolicy(weights, Random.Shared),
            "two-choices" => new TwoChoicesPolicy(Random.Shared),
            "first" => new FirstPolicy(),
            _ => throw new ArgumentException($"There is no balancing policy '{name}'.", nameof(name)),
        };
    }
}
