using System.Diagnostics;
using Gatehouse.Load.Results;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Load.Running;

/// <summary>Runs a plan: workers on reactors of their own, a pacer that tells them the time, and an end.</summary>
public static class LoadRun
{
    // What is under way at the end may still be answered for so long.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    // The pacer's step, finer than the reactors' timers.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    /// <summary>Makes the load and tells what came of it.</summary>
    /// <param name="plan">What load.</param>
    /// <param name="progress">Told once a second how many answers there are so far, and after how long.</param>
    /// <param name="cancellation">Ends the run early; what was measured until then counts.</param>
    public static async Task<LoadResult> RunAsync(LoadPlan plan, Action<long, TimeSpan>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var reactors = ReactorGroup.StartNew(plan.Threads);
        var workers = new List<LoadWorker>();
        for (var i = 0; i < plan.Threads; i++)
            workers.Add(new LoadWorker(plan, reactors.Reactors[i], i, (plan.Connections / plan.Threads) + (i < plan.Connections % plan.Threads ? 1 : 0)));
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        foreach (var worker in workers)
            worker.Start(started);
        using var paceStop = new CancellationTokenSource();
        var pacer = plan.Rate > 0 ? Pace(workers, paceStop.Token) : null;
        var done = Task.WhenAll(workers.Select(worker => worker.Done));
        await WaitAsync(plan, workers, done, started, progress, cancellation);
        foreach (var worker in workers)
            worker.Stop();
        var elapsed = Stopwatch.GetElapsedTime(started);
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;
        await paceStop.CancelAsync();
        pacer?.Join();
        if (await Task.WhenAny(done, Task.Delay(Grace, CancellationToken.None)) != done)
        {
            foreach (var worker in workers)
                worker.Abandon();
        }
        await done;
        return LoadResult.Of(plan, [.. workers.Select(worker => worker.Recorder)], elapsed, cpu);
    }

    private static async Task WaitAsync(
        LoadPlan plan, List<LoadWorker> workers, Task done, long started, Action<long, TimeSpan>? progress, CancellationToken cancellation)
    {
        while (!done.IsCompleted && !cancellation.IsCancellationRequested)
        {
            var left = plan.Requests > 0 ? Glance : plan.Duration - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                return;
            await Task.WhenAny(done, Task.Delay(left < Glance ? left : Glance, cancellation));
            progress?.Invoke(workers.Sum(worker => worker.Recorder.Answers), Stopwatch.GetElapsedTime(started));
        }
    }

    private static Thread Pace(List<LoadWorker> workers, CancellationToken stop)
    {
        var thread = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Thread.Sleep(Step);
                foreach (var worker in workers)
                    worker.Tick();
            }
        })
        {
            Name = "pacer",
            IsBackground = true,
        };
        thread.Start();
        return thread;
    }
}
