using CsCheck;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;

namespace Gatehouse.Net.Tests.Timers;

/// <summary>The wheel with time as a number.</summary>
public sealed class TimerWheelTests
{
    [Fact]
    public void Thousands_of_timers_are_each_due_once_within_a_tick_of_their_deadline() =>
        Gen.Select(Gen.Int[0, 20_000].Array[1, 3000], Gen.Int[1, 40]).Sample(
            (delays, step) =>
            {
                using var reactor = new Reactor(0);
                var start = reactor.Now;
                var wheel = reactor.Wheel;
                var now = start;
                var targets = Array.ConvertAll(delays, delay => new Target(delay));
                foreach (var target in targets)
                    new ReactorTimer(reactor, target).Arm(target.Delay);
                while (wheel.MillisecondsToNext(now) is var wait and >= 0)
                {
                    // Either the wheel is right about when to look, or events bring turns in between.
                    now += Math.Min(Math.Max(wait, 1), step * 16);
                    var at = now;
                    foreach (var target in targets)
                        target.Now = at - start;
                    wheel.Advance(now, exception => Assert.Fail(exception.Message));
                }

                return Array.TrueForAll(targets, target => target.Calls == 1 && target.At >= target.Delay && target.At <= target.Delay + 16 + (step * 16));
            },
            iter: 30);

    [Fact]
    public void The_wheel_sleeps_exactly_until_the_first_timer()
    {
        using var reactor = new Reactor(0);
        Assert.Equal(-1, reactor.Wheel.MillisecondsToNext(reactor.Now));
        var timer = new ReactorTimer(reactor, new Target(0));
        foreach (var delay in (int[])[1, 15, 16, 17, 100, 4000])
        {
            timer.Release();
            timer.Arm(delay);
            Assert.InRange(reactor.Wheel.MillisecondsToNext(reactor.Now), Math.Min(delay, 4000), delay + 16);
        }

        timer.Release();
        timer.Arm(long.MaxValue);
        Assert.InRange(reactor.Wheel.MillisecondsToNext(reactor.Now), 4000, 4096);
        timer.Release();
        Assert.Equal(-1, reactor.Wheel.MillisecondsToNext(reactor.Now));
    }

    [Fact]
    public void A_long_pause_is_caught_up_with()
    {
        using var reactor = new Reactor(0);
        var targets = Enumerable.Range(0, 1000).Select(i => new Target(i * 10)).ToArray();
        foreach (var target in targets)
            new ReactorTimer(reactor, target).Arm(target.Delay);
        reactor.Wheel.Advance(reactor.Now + 86_400_000, exception => Assert.Fail(exception.Message));
        Assert.All(targets, target => Assert.Equal(1, target.Calls));
        Assert.Equal(-1, reactor.Wheel.MillisecondsToNext(reactor.Now + 86_400_000));
    }

    [Fact]
    public void Arming_a_released_timer_again_and_again_leaves_one_entry()
    {
        using var reactor = new Reactor(0);
        var target = new Target(0);
        var timer = new ReactorTimer(reactor, target);
        var random = new Random(5);
        for (var i = 0; i < 10_000; i++)
        {
            timer.Arm(random.Next(6000));
            if (random.Next(3) == 0)
                timer.Disarm();
            if (random.Next(3) == 0)
                timer.Release();
        }

        timer.Arm(5000);
        for (var now = reactor.Now; now < reactor.Now + 10_000; now += 16)
            reactor.Wheel.Advance(now, exception => Assert.Fail(exception.Message));
        Assert.Equal(1, target.Calls);
    }

    private sealed class Target(int delay) : ITimerTarget
    {
        internal int Delay => delay;

        internal int Calls { get; private set; }

        internal long Now { get; set; }

        internal long At { get; private set; }

        public void OnTimer()
        {
            Calls++;
            At = Now;
        }
    }
}
