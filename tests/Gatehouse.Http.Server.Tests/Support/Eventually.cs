namespace Gatehouse.Http.Server.Tests.Support;

/// <summary>Waits for what other threads bring about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static void True(Func<bool> condition, string what)
    {
        var end = DateTime.UtcNow + Limit;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, $"Expected {what} within {Limit.TotalSeconds} s.");
            Thread.Sleep(2);
        }
    }

    /// <summary>Waits for the end of tasks.</summary>
    public static void Ends(params Task[] tasks) => Assert.True(Task.WaitAll(tasks, TimeSpan.FromMinutes(3)), "A task does not end.");

    /// <summary>Waits for a task without the deadlock of a test that hangs.</summary>
    public static T Result<T>(Task<T> task)
    {
        Assert.True(task.Wait(Limit), $"Expected a result within {Limit.TotalSeconds} s.");
        return task.Result;
    }
}
