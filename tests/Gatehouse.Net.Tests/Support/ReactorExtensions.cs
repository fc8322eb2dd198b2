using Gatehouse.Net.Reactors;

namespace Gatehouse.Net.Tests.Support;

/// <summary>Runs test code on a reactor's thread and waits for it.</summary>
internal static class ReactorExtensions
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    internal static Task<T> On<T>(this Reactor reactor, Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        reactor.Post(
            _ =>
            {
                try
                {
                    done.SetResult(function());
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                }
            },
            null);
        return done.Task.WaitAsync(Limit);
    }

    internal static Task On(this Reactor reactor, Action action) => reactor.On(() =>
    {
        action();
        return true;
    });
}
