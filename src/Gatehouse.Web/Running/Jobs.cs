using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>
/// Work that a request begins and does not wait for: a mail, a picture made smaller. It runs beside the requests, a few at a time, each with services of its own, and is
/// done before the application ends, as far as <see cref="AppLimits.DrainTime"/> allows. It lives in memory: what must not be lost belongs into a database.
/// </summary>
public sealed class Jobs : IDisposable
{
    private readonly App _app;
    private readonly Channel<Func<IServiceProvider, CancellationToken, Task>> _queue;
    private readonly CancellationTokenSource _cutOff = new();
    private readonly CancellationToken _isCutOff;
    private readonly Lazy<Task> _workers;

    internal Jobs(App app, int capacity, int parallel)
    {
        _app = app;
        _isCutOff = _cutOff.Token;
        _queue = Channel.CreateBounded<Func<IServiceProvider, CancellationToken, Task>>(capacity);
        _workers = new Lazy<Task>(() => Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => Task.Run(WorkAsync))));
    }

    /// <summary>Has a job done. False when too many wait, or the application stops: the caller then says so, or does it at once.</summary>
    /// <param name="job">Gets services of its own, and a token that is cancelled when the time to end is up.</param>
    public bool TryAdd(Func<IServiceProvider, CancellationToken, Task> job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!_queue.Writer.TryWrite(job))
            return false;
        _ = _workers.Value;
        return true;
    }

    void IDisposable.Dispose() => _cutOff.Dispose();

    /// <summary>Takes no more, and waits for those that there are; true when all were done.</summary>
    internal async Task<bool> DrainAsync(TimeSpan limit)
    {
        _queue.Writer.TryComplete();
        if (!_workers.IsValueCreated)
            return true;
        try
        {
            await _workers.Value.WaitAsync(limit);
            return true;
        }
        catch (TimeoutException)
        {
            await _cutOff.CancelAsync();
            return false;
        }
    }

    private async Task WorkAsync()
    {
        await foreach (var job in _queue.Reader.ReadAllAsync())
        {
            if (_isCutOff.IsCancellationRequested)
                return;
            try
            {
                await using var scope = _app.Provider.CreateAsyncScope();
                await job(scope.ServiceProvider, _isCutOff);
            }
            catch (Exception exception)
            {
                AppLog.JobFailed(_app.Logger, exception);
            }
        }
    }
}
