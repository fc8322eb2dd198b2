using System.Collections.Concurrent;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tests.Support;

namespace Gatehouse.Net.Tests.Reactors;

public sealed class ReactorTests : IDisposable
{
    private readonly ReactorGroup _group = ReactorGroup.StartNew(2);

    private Reactor First => _group.Reactors[0];

    public void Dispose() => _group.Dispose();

    [Fact]
    public async Task Posts_from_many_threads_all_run_once_and_in_each_threads_order()
    {
        const int Threads = 8;
        const int Posts = 20_000;
        var last = new int[Threads];
        var disorder = 0;
        var ran = 0;
        var all = new TaskCompletionSource();
        var posters = Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 1; i <= Posts; i++)
            {
                var number = i;
                First.Post(
                    _ =>
                    {
                        if (last[thread] != number - 1 || !First.IsCurrent)
                            disorder++;
                        last[thread] = number;
                        if (++ran == Threads * Posts)
                            all.SetResult();
                    },
                    null);
            }
        }));
        await Task.WhenAll(posters);
        await all.Task.WaitAsync(ReactorExtensions.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(0, disorder);
    }

    [Fact]
    public async Task A_single_post_wakes_a_sleeping_reactor()
    {
        for (var i = 0; i < 200; i++)
            Assert.True(await First.On(() => First.IsCurrent && ReferenceEquals(Reactor.Current, First)));
        Assert.Null(Reactor.Current);
    }

    [Fact]
    public async Task A_post_never_runs_inline_and_deferred_work_runs_after_the_posts_of_its_turn()
    {
        var order = new ConcurrentQueue<string>();
        var done = new TaskCompletionSource();
        await First.On(() =>
        {
            First.Post(_ => order.Enqueue("posted"), null);
            First.Defer(new CallbackWork(
                _ =>
                {
                    order.Enqueue("deferred");
                    First.Defer(new CallbackWork(
                        _ =>
                        {
                            order.Enqueue("deferred again");
                            done.SetResult();
                        },
                        null));
                },
                null));
            order.Enqueue("here");
        });
        await done.Task.WaitAsync(ReactorExtensions.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(["here", "deferred", "posted", "deferred again"], order);
    }

    [Fact]
    public async Task An_exception_is_reported_and_ends_nothing()
    {
        var told = new ConcurrentQueue<string>();
        _group.CallbackFailed = (reactor, exception) => told.Enqueue($"{reactor.Index} {exception.Message}");
        First.Post(_ => throw new InvalidOperationException("one"), null);
        First.Post(_ => throw new InvalidOperationException("two"), null);
        Assert.Equal(3, await First.On(() => 3));
        Assert.Equal(["0 one", "0 two"], told);
        Assert.Equal(2, First.CallbackFailures);
        Assert.Equal(0, _group.Reactors[1].CallbackFailures);
    }

    [Fact]
    public void A_reactor_that_has_ended_refuses_work()
    {
        var reactor = new Reactor(7);
        reactor.Start();
        var ran = false;
        reactor.Post(_ => ran = true, null);
        reactor.Dispose();
        reactor.Dispose();
        Assert.True(ran);
        Assert.Throws<ObjectDisposedException>(() => reactor.Post(_ => { }, null));
        Assert.False(reactor.TryPost(new CallbackWork(_ => { }, null)));
        Assert.Throws<InvalidOperationException>(reactor.Start);
    }

    [Fact]
    public void A_reactor_that_was_never_started_can_be_disposed_of()
    {
        var reactor = new Reactor(0);
        reactor.Dispose();
        Assert.Null(Reactor.Current);
    }

    [Fact]
    public async Task The_watchdog_names_the_reactor_that_is_held_once_for_each_turn()
    {
        var held = new ConcurrentQueue<HeldReactor>();
        using (new ReactorWatchdog(_group.Reactors, held.Enqueue, TimeSpan.FromMilliseconds(50)))
        {
            await First.On(() => Thread.Sleep(400));
            await First.On(() => { });
        }

        var report = Assert.Single(held, seen => seen.Reactor == First);
        Assert.InRange(report.Duration.TotalMilliseconds, 50, 400);
        Assert.Equal(0, await WaitForIdle());
    }

    [Fact]
    public void Pick_takes_each_in_turn() =>
        Assert.Equal(2, Enumerable.Range(0, 4).Select(_ => _group.Pick()).Distinct().Count());

    private async Task<long> WaitForIdle()
    {
        for (var i = 0; i < 1000 && First.TurnStartedAt != 0; i++)
            await Task.Delay(2);
        return First.TurnStartedAt;
    }
}
