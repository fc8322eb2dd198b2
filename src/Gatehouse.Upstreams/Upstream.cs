using Gatehouse.Net.Reactors;
using Gatehouse.Upstreams.Discovery;
using Gatehouse.Upstreams.Health;
using Gatehouse.Upstreams.Policies;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams;

/// <summary>A group of targets that can answer for each other, live, and the policy that chooses among them.</summary>
public sealed class Upstream : IDisposable
{
    /// <summary>Targets that one group may have: a request marks those it tried in the bits of one word.</summary>
    public const int MaxTargets = 64;

    private readonly HealthConfig? _health;
    private readonly Func<long> _now;
    private TargetSet _set;
    private HealthChecker? _checker;
    private NameFollower? _follower;
    private Reactor? _reactor;
    private volatile bool _isEnded;

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
        _set = new TargetSet(targets, policy);
        _health = health;
        _now = now;
    }

    /// <summary>A group whose targets are found by their names: none until <see cref="Replace"/> is called.</summary>
    internal Upstream(HealthConfig? health)
    {
        _health = health;
        _now = static () => Environment.TickCount64;
        _set = new TargetSet([], new FirstPolicy());
    }

    /// <summary>The targets, in the order of the configuration; where names stand for them, those of the moment.</summary>
    public ReadOnlySpan<Target> Targets => Volatile.Read(ref _set).Targets;

    /// <summary>True when <see cref="Choose"/> has a target that is not in <paramref name="tried"/>.</summary>
    public bool HasUntried(ulong tried) => Eligible(Volatile.Read(ref _set).Targets, tried) != 0;

    /// <summary>
    /// Chooses a target that is available and not in <paramref name="tried"/>, and marks it there; null when there is none. When none at all is available
    /// the check is waived: a guess that a failed target has recovered is better than a certain refusal.
    /// </summary>
    public Target? Choose(ref ulong tried)
    {
        var set = Volatile.Read(ref _set);
        var eligible = Eligible(set.Targets, tried);
        if (eligible == 0)
            return null;
        var index = (eligible & (eligible - 1)) == 0 ? System.Numerics.BitOperations.TrailingZeroCount(eligible) : set.Policy.Choose(set.Targets, eligible);
        tried |= 1UL << index;
        return set.Targets[index];
    }

    /// <summary>
    /// The request to <paramref name="target"/> is over; <paramref name="failed"/> when the target failed it. Passive health: one that fails too often in a
    /// row is not chosen for a while, unless it has no substitute.
    /// </summary>
    public void End(Target target, bool failed)
    {
        target.End(failed);
        if (failed && Volatile.Read(ref _set).Targets.Length > 1 && target.FailuresInARow >= MaxFailures)
            target.Eject(_now() + EjectionMilliseconds);
    }

    // nginx's max_fails is 1 and its fail_timeout 10 s; HAProxy's error-limit is 10. Three in a row are no accident.
    private const int MaxFailures = 3;
    private const int EjectionMilliseconds = 10_000;

    private ulong Eligible(Target[] targets, ulong tried)
    {
        if (targets.Length == 0)
            return 0;
        var available = 0UL;
        for (var i = 0; i < targets.Length; i++)
        {
            // The usual target was never ejected, and the clock need not be read.
            if (targets[i].IsAvailable(0) || targets[i].IsAvailable(_now()))
                available |= 1UL << i;
        }
        var untried = ~tried & ulong.MaxValue >> (MaxTargets - targets.Length);
        return available == 0 ? untried : available & untried;
    }

    /// <summary>Follows the names of its targets from <see cref="Start"/> on.</summary>
    internal void Follow(NameFollower follower) => _follower = follower;

    /// <summary>
    /// Has other targets from now on; connections to those that are gone end when they are at rest, and requests under way are not disturbed. On the reactor
    /// that it was started on.
    /// </summary>
    internal void Replace(Target[] targets, BalancingPolicy policy)
    {
        if (_isEnded)
        {
            foreach (var target in targets)
                target.Close();
            return;
        }
        var before = Interlocked.Exchange(ref _set, new TargetSet(targets, policy));
        _checker?.Dispose();
        _checker = null;
        if (_reactor is not null)
            StartChecks(_reactor);
        foreach (var target in before.Targets.Except(targets))
            target.Close();
    }

    /// <summary>Starts what the group does by itself: its health checks, and the search for its targets, on <paramref name="reactor"/>.</summary>
    internal void Start(Reactor reactor)
    {
        _reactor = reactor;
        StartChecks(reactor);
        _follower?.Start();
    }

    /// <summary>Ends the checks and the connections at rest; requests under way are not disturbed.</summary>
    public void Dispose()
    {
        _isEnded = true;
        _follower?.Stop();
        _checker?.Dispose();
        foreach (var target in Targets)
            target.Close();
    }

    private void StartChecks(Reactor reactor)
    {
        if (_health is null || Targets.Length == 0)
            return;
        _checker = new HealthChecker(Targets, _health, reactor);
        _checker.Start();
    }
}
