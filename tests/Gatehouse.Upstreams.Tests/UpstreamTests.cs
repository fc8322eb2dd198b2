using Gatehouse.Upstreams.Policies;
using Gatehouse.Upstreams.Targets;
using Gatehouse.Upstreams.Tests.Support;

namespace Gatehouse.Upstreams.Tests;

/// <summary>Which targets may be chosen, and what failures do to them; the clock is the test's.</summary>
public sealed class UpstreamTests
{
    private long _now = 1_000_000;

    [Fact]
    public void Each_target_is_tried_once()
    {
        var upstream = Make3("round-robin", out _);
        var tried = 0UL;
        Assert.Equal("abc", Take(upstream, ref tried, 3));
        Assert.False(upstream.HasUntried(tried));
        Assert.Null(upstream.Choose(ref tried));
        Assert.Equal(0b111UL, tried);
    }

    [Fact]
    public void Unhealthy_targets_are_passed_over_and_not_left_to_try()
    {
        var upstream = Make3("first", out var targets);
        targets[0].IsHealthy = false;
        var tried = 0UL;
        Assert.Equal("b", Take(upstream, ref tried, 1));
        Assert.True(upstream.HasUntried(tried));
        Assert.Equal("c", Take(upstream, ref tried, 1));
        // What says that there is one must have one: a retry that was promised and finds none would turn the last answer into a 503.
        Assert.False(upstream.HasUntried(tried));
        Assert.Null(upstream.Choose(ref tried));
        targets[0].IsHealthy = true;
        Assert.True(upstream.HasUntried(tried));
        Assert.Equal("a", Take(upstream, ref tried, 1));
    }

    [Fact]
    public void When_none_is_available_all_are_tried()
    {
        var upstream = Make3("first", out var targets);
        foreach (var target in targets)
            target.IsHealthy = false;
        var tried = 0UL;
        Assert.True(upstream.HasUntried(tried));
        Assert.Equal("abc", Take(upstream, ref tried, 3));
        Assert.False(upstream.HasUntried(tried));
    }

    [Fact]
    public void Third_failure_in_a_row_ejects_for_ten_seconds()
    {
        var upstream = Make3("first", out var targets);
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal("a", First(upstream));
            Fail(upstream, targets[0]);
        }
        Assert.Equal("b", First(upstream));
        Assert.False(targets[0].IsAvailable(_now));
        _now += 9_999;
        Assert.Equal("b", First(upstream));
        _now += 1;
        Assert.Equal("a", First(upstream));
        // It starts anew: one more failure does not eject it again.
        Fail(upstream, targets[0]);
        Assert.Equal("a", First(upstream));
    }

    [Fact]
    public void Success_between_failures_is_no_row()
    {
        var upstream = Make3("first", out var targets);
        for (var i = 0; i < 10; i++)
        {
            Fail(upstream, targets[0]);
            Fail(upstream, targets[0]);
            Succeed(upstream, targets[0]);
        }
        Assert.Equal("a", First(upstream));
        Assert.Equal((30, 20, 0, 0), (targets[0].Requests, targets[0].Failures, targets[0].FailuresInARow, targets[0].Active));
    }

    [Fact]
    public void Target_without_substitute_is_not_ejected()
    {
        var targets = Make.Targets(1);
        var upstream = new Upstream(targets, new FirstPolicy(), null, () => _now);
        for (var i = 0; i < 10; i++)
            Fail(upstream, targets[0]);
        Assert.True(targets[0].IsAvailable(_now));
    }

    [Fact]
    public void All_ejected_is_as_if_none_were()
    {
        var upstream = Make3("round-robin", out var targets);
        foreach (var target in targets)
        {
            for (var i = 0; i < 3; i++)
                Fail(upstream, target);
        }
        Assert.All(targets, target => Assert.False(target.IsAvailable(_now)));
        var tried = 0UL;
        Assert.Equal("abc", Take(upstream, ref tried, 3));
    }

    [Fact]
    public void Sixty_four_targets_fit_and_no_more()
    {
        var targets = Make.Targets([.. Enumerable.Repeat(1, 64)]);
        var upstream = new Upstream(targets, new FirstPolicy());
        var tried = 0UL;
        for (var i = 0; i < 64; i++)
            Assert.Same(targets[i], upstream.Choose(ref tried));
        Assert.Null(upstream.Choose(ref tried));
        Assert.Throws<ArgumentException>(() => new Upstream(Make.Targets([.. Enumerable.Repeat(1, 65)]), new FirstPolicy()));
        Assert.Throws<ArgumentException>(() => new Upstream([], new FirstPolicy()));
    }

    [Fact]
    public void Weights_start_at_one() => Assert.Throws<ArgumentOutOfRangeException>(() => Make.Targets(0));

    [Fact]
    public void Choosing_allocates_nothing()
    {
        var upstream = Make3("least-requests", out _);
        var before = 0L;
        for (var i = 0; i < 20_000; i++)
        {
            if (i == 10_000)
                before = GC.GetAllocatedBytesForCurrentThread();
            var tried = 0UL;
            var target = upstream.Choose(ref tried)!;
            target.Begin();
            upstream.End(target, failed: false);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private Upstream Make3(string policy, out Target[] targets)
    {
        targets = Make.Targets(1, 1, 1);
        return new Upstream(targets, BalancingPolicies.Create(policy, targets), null, () => _now);
    }

    private static string First(Upstream upstream)
    {
        var tried = 0UL;
        return Take(upstream, ref tried, 1);
    }

    private static string Take(Upstream upstream, ref ulong tried, int count)
    {
        var names = "";
        for (var i = 0; i < count; i++)
            names += upstream.Choose(ref tried)!.Name;
        return names;
    }

    private static void Fail(Upstream upstream, Target target)
    {
        target.Begin();
        upstream.End(target, failed: true);
    }

    private static void Succeed(Upstream upstream, Target target)
    {
        target.Begin();
        upstream.End(target, failed: false);
    }
}
