using System.Diagnostics;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Timers;

namespace Gatehouse.Net.Tests.Timers;

public sealed class TimerTests : IDisposable
{
    private readonly Reactor _reactor = new(0);

    public TimerTests() => _reactor.Start();

    public void Dispose() => _reactor.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(300)]
    public async Task A_timer_is_never_early_and_soon_after_its_deadline(int milliseconds)
    {
        var due = new Due();
        var started = await _reactor.On(() =>
        {
            var timer = new ReactorTimer(_reactor, due);
            timer.Arm(milliseconds);
            Assert.True(timer.IsArmed);
            return _reactor.Now;
        });
        await due.Happened.Task.WaitAsync(ReactorExtensions.Limit, TestContext.Current.CancellationToken);
        var took = await _reactor.On(() => due.At(_reactor)) - started;

        // The upper bound is loose because tests share the machine; the wheel's own bound is held to in TimerWheelTests, where time is a number.
        Assert.InRange(took, milliseconds, milliseconds + 1000);
    }

    [Fact]
    public async Task A_disarmed_and_a_released_timer_are_not_called()
    {
        Due disarmed = new(), released = new(), last = new();
        await _reactor.On(() =>
        {
            var first = new ReactorTimer(_reactor, disarmed);
            var second = new ReactorTimer(_reactor, released);
            first.Arm(20);
            second.Arm(20);
            first.Disarm();
            second.Release();
            second.Release();
            Assert.False(first.IsArmed);
            Assert.False(second.IsArmed);
            new ReactorTimer(_reactor, last).Arm(60);
        });
        await last.Happened.Task.WaitAsync(ReactorExtensions.Limit, TestContext.Current.CancellationToken);
        Assert.Equal((0, 0, 1), (disarmed.Count, released.Count, last.Count));
    }

    [Fact]
    public async Task Arming_again_moves_the_deadline_both_ways()
    {
        Due later = new(), earlier = new();
        var clock = Stopwatch.StartNew();
        await _reactor.On(() =>
        {
            var first = new ReactorTimer(_reactor, later);
            first.Arm(20);
            first.Arm(200);
            var second = new ReactorTimer(_reactor, earlier);
            second.Arm(60_000);
            second.Arm(20);
        });
        await earlier.Happened.Task.WaitAsync(ReactorExtensions.Limit, TestContext.Current.CancellationToken);
        await later.Happened.Task.WaitAsync(ReactorExtensions.Limit, TestContext.Current.CancellationToken);
        Assert.True(clock.ElapsedMilliseconds >= 198, $"Expected the later deadline; it came after {clock.ElapsedMilliseconds} ms.");
        Assert.Equal((1, 1), (earlier.Count, later.Count));
    }

    [Fact]
    public async Task A_timer_may_be_armed_from_its_own_call_and_a_failing_one_does_not_stop_the_others()
    {
        var repeating = new Due { Repeat = 5 };
        var failing = new Due { Throws = true };
        var other = new Due();
        await _reactor.On(() =>
        {
            repeating.Timer = new ReactorTimer(_reactor, repeating);
            repeating.Timer.Arm(1);
            new ReactorTimer(_reactor, failing).Arm(1);
            new ReactorTimer(_reactor, other).Arm(1);
        });
        await other.Happened.Task.WaitAsync(ReactorExtensions.Limit, TestContext.Current.CancellationToken);
        for (var i = 0; i < 2000 && repeating.Count < 5; i++)
            await Task.Delay(2, TestContext.Current.CancellationToken);
        Assert.Equal(5, repeating.Count);
        Assert.Equal(1, _reactor.CallbackFailures);
    }

    [Fact]
    public async Task Negative_times_are_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _reactor.On(() => new ReactorTimer(_reactor, new Due()).Arm(-1)));

    private sealed class Due : ITimerTarget
    {
        private int _count;
        private long _at;

        internal TaskCompletionSource Happened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal ReactorTimer? Timer { get; set; }

        internal int Repeat { get; init; }

        internal bool Throws { get; init; }

        internal int Count => Volatile.Read(ref _count);

        internal long At(Reactor reactor) => _at == 0 ? reactor.Now : _at;

        public void OnTimer()
        {
            _at = Reactor.Current!.Now;
            Assert.NotNull(Reactor.Current);
            Volatile.Write(ref _count, _count + 1);
            Happened.TrySetResult();
            if (_count < Repeat)
                Timer!.Arm(1);
            if (Throws)
                throw new InvalidOperationException("as asked");
        }
    }
}
