using Gatehouse.Net.Reactors;

namespace Gatehouse.Http.Client.Tests.Support;

/// <summary>Runs a test's code on a reactor's thread and waits for it.</summary>
internal static class ReactorExtensions
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal static Task<T> RunAsync<T>(this Reactor reactor, Func<Task<T>> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        reactor.Post(
            _ => _ = CompleteAsync(),
            null);
        return done.Task.WaitAsync(Limit);

        async Task CompleteAsync()
        {
            try
            {
                done.SetResult(await function());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }
    }

    internal static Task RunAsync(this Reactor reactor, Func<Task> function) => reactor.RunAsync(async () =>
    {
        await function();
        return true;
    });

    internal static Task<T> Run<T>(this Reactor reactor, Func<T> function) => reactor.RunAsync(() => Task.FromResult(function()));

    /// <summary>Waits until something holds on the reactor.</summary>
    internal static async Task UntilAsync(this Reactor reactor, Func<bool> condition, string what)
    {
        var end = DateTime.UtcNow + Limit;
        while (!await reactor.Run(condition))
        {
            Assert.True(DateTime.UtcNow < end, $"Expected within {Limit.TotalSeconds} s: {what}.");
            await Task.Delay(5);
        }
    }
}
