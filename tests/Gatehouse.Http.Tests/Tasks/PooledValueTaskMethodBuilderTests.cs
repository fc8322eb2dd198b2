using System.Runtime.CompilerServices;
using Gatehouse.Http.Tasks;

namespace Gatehouse.Http.Tests.Tasks;

/// <summary>Async methods whose suspended state lives in pooled boxes behave like any, and allocate only the first time.</summary>
public sealed class PooledValueTaskMethodBuilderTests
{
    [Fact]
    public async Task Results_and_exceptions_come_whether_it_waits_or_not()
    {
        foreach (var waits in new[] { 0, 1, 3 })
        {
            Assert.Equal(waits + 1, await Add(waits, 1));
            await Nothing(waits);
            Assert.Equal($"{waits}", (await Assert.ThrowsAsync<InvalidDataException>(async () => await Fail(waits))).Message);
            Assert.Equal($"{waits}", (await Assert.ThrowsAsync<InvalidDataException>(async () => await FailAdd(waits))).Message);
        }
    }

    [Fact]
    public async Task Calls_within_calls_keep_apart()
    {
        for (var i = 0; i < 50; i++)
            Assert.Equal(Expected(12), await Fibonacci(12));
    }

    [Fact]
    public async Task Many_at_once_on_many_threads_keep_apart()
    {
        var tasks = Enumerable.Range(0, 2000).Select(i => Task.Run(async () => await Add(i % 5, i), TestContext.Current.CancellationToken)).ToArray();
        var results = await Task.WhenAll(tasks);
        for (var i = 0; i < results.Length; i++)
            Assert.Equal(i + (i % 5), results[i]);
    }

    [Fact]
    public async Task A_task_can_be_turned_into_one_that_is_awaited_often()
    {
        var task = Add(2, 40).AsTask();
        Assert.Equal(42, await task);
        Assert.Equal(42, await task);
    }

    [Fact]
    public void In_the_steady_state_nothing_is_allocated()
    {
        var signal = new Signal();
        for (var i = 0; i < 100; i++)
            Once(signal, i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            Once(signal, i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Many_suspended_at_once_come_from_the_pool_the_second_time()
    {
        var signals = Enumerable.Range(0, 500).Select(_ => new Signal()).ToArray();
        var tasks = new ValueTask<int>[signals.Length];
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            for (var i = 0; i < tasks.Length; i++)
                tasks[i] = AddLater(signals[i], i);
            foreach (var signal in signals)
                signal.Fire();
            for (var i = 0; i < tasks.Length; i++)
            {
                if (tasks[i].GetAwaiter().GetResult() != i + 1)
                    throw new InvalidOperationException($"Task {i} has another's result.");
            }
        }
    }

    private static void Once(Signal signal, int value)
    {
        var task = AddLater(signal, value);
        signal.Fire();
        if (task.GetAwaiter().GetResult() != value + 1)
            throw new InvalidOperationException("another result");
    }

    private static int Expected(int n) => n < 2 ? n : Expected(n - 1) + Expected(n - 2);

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    private static async ValueTask<int> AddLater(Signal signal, int value)
    {
        await signal;
        return value + 1;
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    private static async ValueTask<int> Fibonacci(int n)
    {
        if (n < 2)
            return n;
        if (n % 3 == 0)
            await Task.Yield();
        return await Fibonacci(n - 1) + await Fibonacci(n - 2);
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    private static async ValueTask<int> Add(int waits, int value)
    {
        for (var i = 0; i < waits; i++)
            await Task.Yield();
        return value + waits;
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private static async ValueTask Nothing(int waits)
    {
        for (var i = 0; i < waits; i++)
            await Task.Delay(1);
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private static async ValueTask Fail(int waits)
    {
        await Nothing(waits);
        throw new InvalidDataException($"{waits}");
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    private static async ValueTask<int> FailAdd(int waits)
    {
        await Add(waits, 1);
        throw new InvalidDataException($"{waits}");
    }

    /// <summary>Awaited by one at a time, which goes on when it is fired.</summary>
    private sealed class Signal : ICriticalNotifyCompletion
    {
        private Action? _continuation;

#pragma warning disable CA1822 // the shape of an awaiter is the compiler's
        public bool IsCompleted => false;

        public void GetResult()
        {
        }
#pragma warning restore CA1822

        public Signal GetAwaiter() => this;

        public void OnCompleted(Action continuation) => _continuation = continuation;

        public void UnsafeOnCompleted(Action continuation) => _continuation = continuation;

        public void Fire() => _continuation!();
    }
}
