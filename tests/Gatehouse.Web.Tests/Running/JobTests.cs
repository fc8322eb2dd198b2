namespace Gatehouse.Web.Tests.Running;

public sealed class JobTests
{
    [Fact]
    public async Task Jobs_are_done_before_the_application_ends()
    {
        var app = new App();
        app.Limits.Jobs = 3;
        app.Limits.ParallelJobs = 1;
        using var gate = new SemaphoreSlim(0);
        using var began = new SemaphoreSlim(0);
        var done = 0;
        app.Post("/job", (App self) => self.Jobs.TryAdd(async (_, cancellation) =>
        {
            began.Release();
            await gate.WaitAsync(cancellation);
            Interlocked.Increment(ref done);
        }) ? Results.Status(202) : new Problem(503, "Too much waits to be done."));
        app.Post("/bad", (App self) => self.Jobs.TryAdd((_, _) => throw new InvalidOperationException("bad job")));
        await using var client = new TestClient(app);
        await (await client.PostAsync("/job", null)).TextAsync(System.Net.HttpStatusCode.Accepted);
        await began.WaitAsync(TestContext.Current.CancellationToken);
        await (await client.PostAsync("/bad", null)).TextAsync();
        for (var i = 0; i < 2; i++)
            await (await client.PostAsync("/job", null)).TextAsync(System.Net.HttpStatusCode.Accepted);
        await (await client.PostAsync("/job", null)).TextAsync(System.Net.HttpStatusCode.ServiceUnavailable);
        var stopping = app.StopAsync();
        gate.Release(3);
        await stopping;
        Assert.Equal(3, done);
        Assert.False(app.Jobs.TryAdd((_, _) => Task.CompletedTask));
    }

    [Fact]
    public async Task A_job_that_does_not_end_is_cut_off()
    {
        await using var app = new App();
        app.Limits.DrainTime = TimeSpan.FromMilliseconds(50);
        var cancelled = new TaskCompletionSource();
        var began = new TaskCompletionSource();
        await using var client = new TestClient(app);
        Assert.True(app.Jobs.TryAdd(async (_, cancellation) =>
        {
            began.SetResult();
            using var registration = cancellation.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, cancellation);
        }));
        await began.Task;
        await app.StopAsync();
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
