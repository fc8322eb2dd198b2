using System.Threading.Tasks.Sources;

namespace Gatehouse.Net.Reactors;

/// <summary>
/// One wait at a time for something that a reactor will bring: begun, awaited once, ended with a result or an exception, and begun again without allocating.
/// Ends are called on the reactor. An awaiter that waits on the reactor resumes inline there, one on another thread resumes on the thread pool.
/// </summary>
public sealed class ReactorWait<T> : IValueTaskSource<T>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<T> _core;

    // A wait may be begun on another thread: what it set before is seen by the reactor that sees it pending.
    private volatile bool _isPending;

    // A waiter on another thread takes its result there, some time after the end.
    private volatile bool _isTaken = true;

    /// <summary>True between <see cref="Begin"/> and its end.</summary>
    public bool IsPending => _isPending;

    /// <summary>
    /// True when no wait is pending and the waiter of the last has taken its end: only then may the object serve another owner, whose wait a late waiter would
    /// otherwise meet. Stays false when nobody awaits.
    /// </summary>
    public bool IsAtRest => !_isPending && _isTaken;

    /// <summary>What the waiter awaits, once.</summary>
    public ValueTask<T> Task => new(this, _core.Version);

    /// <summary><see cref="Task"/> without its result.</summary>
    public ValueTask Completion => new(this, _core.Version);

    /// <summary>Begins a wait.</summary>
    /// <param name="resumeInline">True when the waiter is on the reactor.</param>
    /// <exception cref="InvalidOperationException">The wait before has not ended: its waiter would never be woken.</exception>
    public void Begin(bool resumeInline)
    {
        if (_isPending)
            throw new InvalidOperationException("The operation before is still under way; await it before the next.");
        _core.Reset();
        _core.RunContinuationsAsynchronously = !resumeInline;
        _isTaken = false;
        _isPending = true;
    }

    /// <summary>Ends the wait. Does nothing when none is pending. The waiter may run before this returns.</summary>
    public void SetResult(T result)
    {
        if (!_isPending)
            return;
        _isPending = false;
        _core.SetResult(result);
    }

    /// <summary>Ends the wait with a failure. Does nothing when none is pending. The waiter may run before this returns.</summary>
    public void SetException(Exception exception)
    {
        if (!_isPending)
            return;
        _isPending = false;
        _core.SetException(exception);
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _isTaken = true;
        }
    }

    void IValueTaskSource.GetResult(short token) => ((IValueTaskSource<T>)this).GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
