using Gatehouse.Net.Files;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tests.Support;

namespace Gatehouse.Net.Tests.Files;

public sealed class IoPoolTests : IDisposable
{
    private readonly Reactor _reactor = new(0);

    public IoPoolTests() => _reactor.Start();

    public void Dispose() => _reactor.Dispose();

    [Fact]
    public async Task Work_runs_on_the_pool_and_completes_on_its_reactor()
    {
        using var pool = new IoPool(2);
        var work = Enumerable.Range(0, 500).Select(i => new Work { Fails = i % 10 == 0 }).ToArray();
        foreach (var item in work)
            Assert.True(pool.TryRun(item, _reactor));
        foreach (var item in work)
        {
            var failure = await item.Done.Task.WaitAsync(ReactorExtensions.Limit, TestContext.Current.CancellationToken);
            Assert.Equal(item.Fails, failure is InvalidOperationException);
        }

        Assert.All(work, item => Assert.True(item.RanOnPool && item.CompletedOnReactor));
        Assert.Equal(0, _reactor.CallbackFailures);
    }

    [Fact]
    public void The_queue_is_bounded_and_a_pool_that_ends_finishes_it()
    {
        using var gate = new ManualResetEventSlim();
        var pool = new IoPool(1, limit: 3);
        Assert.True(pool.TryRun(new Work { Gate = gate }, _reactor));
        Assert.True(SpinWait.SpinUntil(() => pool.Waiting == 0, ReactorExtensions.Limit));
        var queued = Enumerable.Range(0, 3).Select(_ => new Work()).ToArray();
        Assert.All(queued, item => Assert.True(pool.TryRun(item, _reactor)));
        Assert.False(pool.TryRun(new Work(), _reactor));
        gate.Set();
        pool.Dispose();
        pool.Dispose();
        Assert.All(queued, item => Assert.True(item.RanOnPool));
        Assert.False(pool.TryRun(new Work(), _reactor));
    }

    private sealed class Work : IoWork
    {
        internal TaskCompletionSource<Exception?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal bool Fails { get; init; }

        internal ManualResetEventSlim? Gate { get; init; }

        internal bool RanOnPool { get; private set; }

        internal bool CompletedOnReactor { get; private set; }

        protected override void Execute()
        {
            Gate?.Wait();
            RanOnPool = Thread.CurrentThread.Name!.StartsWith("io-", StringComparison.Ordinal);
            if (Fails)
                throw new InvalidOperationException("as asked");
        }

        protected override void Complete(Exception? failure)
        {
            CompletedOnReactor = Reactor.Current is not null;
            Done.SetResult(failure);
        }
    }
}
