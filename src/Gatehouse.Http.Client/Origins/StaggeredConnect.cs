using Gatehouse.Http.Client.Http1;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Http.Client.Origins;

/// <summary>
/// Connects to the first of several addresses that answers: the next is tried when one fails, or beside it when it has not answered for a moment, so that a
/// host with one dead address is reached without waiting for a time-out (RFC 8305 section 5).
/// </summary>
internal static class StaggeredConnect
{
    // Connection Attempt Delay of RFC 8305 section 8.
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    /// <summary>Connects. On the reactor.</summary>
    /// <exception cref="ClientException">No address answered: the failure of the last one that failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async ValueTask<Http1ClientConnection> RunAsync(Reactor reactor, IReadOnlyList<ConnectionPool> pools, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var attempts = new List<Task<Http1ClientConnection>>();
        var next = 0;
        try
        {
            while (true)
            {
                if (next < pools.Count)
                    attempts.Add(pools[next++].ConnectAsync().AsTask());
                var pause = Task.Delay(next < pools.Count ? Delay : Timeout.InfiniteTimeSpan, stop.Token);
                var ended = await Task.WhenAny([.. attempts, pause]);
                await ReactorSwitch.To(reactor);
                cancellation.ThrowIfCancellationRequested();
                if (ended == pause)
                    continue;
                var attempt = (Task<Http1ClientConnection>)ended;
                attempts.Remove(attempt);
                if (attempt.IsCompletedSuccessfully || (attempts.Count == 0 && next == pools.Count))
                    return await attempt;
                _ = attempt.Exception;
            }
        }
        finally
        {
            stop.Cancel();
            foreach (var attempt in attempts)
                Drop(attempt);
        }
    }

    // Attempts end on the reactor, and so does this.
    private static void Drop(Task<Http1ClientConnection> attempt) => _ = attempt.ContinueWith(
        static attempt =>
        {
            if (attempt.IsCompletedSuccessfully)
                attempt.Result.Dispose();
            else
                _ = attempt.Exception;
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
