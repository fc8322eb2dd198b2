using Gatehouse.Net.Reactors;
using Gatehouse.Upstreams.Health;
using Gatehouse.Upstreams.Policies;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams;

/// <summary>A group of targets that can answer for each other, live, and the policy that chooses among them.</summary>
public sealed class Upstream : IDisposable
{
    /// <summary>Targets that one group may have: a request marks those it tried in the bits of one word.</summary>
    public const int MaxTargets = 64;

    private readonly Target[] _targets;
    private readonly BalancingPolicy _policy;
    private readonly HealthConfig? _health;
    private readonly Func<long> _now;
    private HealthChecker? _checker;

    /// <summary>Joins targets, a policy and a health check.</summary>
    /// <exception cref="ArgumentException">There are none, or more than <see cref="MaxTargets"/>.</exception>
    public Upstream(Target[] targets, BalancingPolicy policy, HealthConfig? health = null)
        : this(targets, policy, health, static () => Environment.TickCount64)
    {
    }

    /// <summary>The same with a clock of its own, in milliseconds.</summary>
    internal Upstream(Target[] targets, BalancingPolicy policy, HealthConfig? health, Func<long> now)
    {
        if (targets.Length is 0 or > MaxTargets)
            throw new ArgumentException($"An upstream has 1 to {MaxTargets} targets; found {targets.Length}.", nameof(targets));
        _targets = targets;
        _policy = policy;
        _health = health;
        _now = now;
    }

    /// <summary>The targets, in the order of the configuration.</summary>
    public ReadOnlySpan<Target> Targets => _targets;

    /// <summary>True when <see cref="Choose"/> has a target that is not in <paramref name="tried"/>.</summary>
    public bool HasUntried(ulong tried) => Eligible(tried) != 0;

    /// <summary>
    /// Chooses a target that is available and not in <paramref name="tried"/>, and marks it there; null when there is none. When none at all is available
    /// the check is waived: a guess that a failed target has recovered is better than a certain refusal.
    /// </summary>
    public Target? Choose(ref ulong tried)
    {
        var eligible = Eligible(tried);
        if (eligible == 0)
            return null;
        var index = (eligible & (eligible - 1)) == 0 ? System.Numerics.BitOperations.TrailingZeroCount(eligible) : _policy.Choose(_targets, eligible);
        tried |= 1UL << index;
        return _targets[index];
    }

    /// <summary>
    /// The request to <paramref name="target"/> is over; <paramref name="failed"/> when the target failed it. Passive health: one that fails too often in a
    /// row is not chosen for a while, unless it has no substitute.
    /// </summary>
    public void End(Target target, bool failed)
    {
        target.End(failed);
        if (failed && _targets.Length > 1 && target.FailuresInARow >= MaxFailures)
            target.Eject(_now() + EjectionMilliseconds);
    }

    // nginx's max_fails is 1 and its fail_timeout 10 s; HAProxy's error-limit is 10. Three in a row are no accident.
    private const int MaxFailures = 3;
    private const int EjectionMilliseconds = 10_000;

    private ulong Eligible(ulong tried)
    {
        var available = 0UL;
        for (var i = 0; i < _targets.Length; i++)
        {
            // The usual target was never ejected, and the clock need not be read.
            if (_targets[i].IsAvailable(0) || _targets[i].IsAvailable(_now()))
                available |= 1UL << i;
        }
        var untried = ~tried & ulong.MaxValue >> (MaxTargets - _targets.Length);
        return available == 0 ? untried : available & untried;
    }

    /// <summary>Starts what the group does by itself: its health checks, on <paramref name="reactor"/>.</summary>
    internal void Start(Reactor reactor)
    {
        if (_health is null)
            return;
        _checker = new HealthChecker(_targets, _health, reactor);
        _checker.Start();
    }

    /// <summary>Ends the checks and the connections at rest; requests under way are not disturbed.</summary>
    public void Dispose()
    {
        _checker?.Dispose();
        foreach (var target in _targets)
            target.Close();
    }
}
