using System.Threading.Tasks.Sources;
using Gatehouse.Net.Timers;

namespace Gatehouse.Net.Reactors;

/// <summary>
/// One kind of asynchronous operation of an object on a reactor (its reads, say), used again for each: it may be started from any thread, is tried on the
/// reactor, and waits there for an edge, a time limit or a cancellation. One at a time; no allocation, unless a token that can be cancelled is given.
/// </summary>
/// <remarks>Started on the reactor it resumes inline there; started elsewhere it resumes on the thread pool, so that each side stays where it was.</remarks>
internal abstract class ReactorOperation<T> : IValueTaskSource<T>, IValueTaskSource, IReactorWork, ITimerTarget
{
    private readonly Reactor _reactor;
    private readonly ReactorTimer _timer;
    private ManualResetValueTaskSourceCore<T> _core;
    private CancellationTokenRegistration _registration;
    private int _timeout;
    private Cancellation? _cancellation;
    private int _busy;

    // Set and cleared on the reactor only: an operation that another thread has posted is not under way before the reactor has taken it up.
    private bool _pending;

    private protected ReactorOperation(Reactor reactor)
    {
        _reactor = reactor;
        _timer = new ReactorTimer(reactor, this);
    }

    /// <summary>Tries again after an edge. On the reactor.</summary>
    internal void Progress()
    {
        if (!_pending)
            return;
        try
        {
            if (TryFinish(out var result))
                Finish(result);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>Ends an operation that is under way with an exception. On the reactor.</summary>
    internal void Abandon(Func<Exception> reason)
    {
        if (_pending)
            Fail(reason());
        _timer.Release();
    }

    void IReactorWork.Run()
    {
        Wait();
        if (_cancellation is { IsRequested: true } cancellation)
            Fail(new OperationCanceledException(cancellation.Token));
        else
            Progress();
    }

    void ITimerTarget.OnTimer()
    {
        if (_pending)
            Fail(TimedOut(_timeout));
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    void IValueTaskSource.GetResult(short token) => ((IValueTaskSource<T>)this).GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Tries the operation on the reactor. False when it would wait; throws when it fails for good.</summary>
    private protected abstract bool TryFinish(out T result);

    /// <summary>Forgets the arguments of the operation that has ended.</summary>
    private protected abstract void Forget();

    /// <summary>What a time limit that was hit throws.</summary>
    private protected abstract Exception TimedOut(int milliseconds);

    /// <summary>Claims the operation for one use; arguments are set between this and <see cref="Start"/>.</summary>
    private protected void Claim(string what)
    {
        if (Interlocked.Exchange(ref _busy, 1) == 1)
            throw new InvalidOperationException($"A {what} is under way already; await it before the next.");
    }

    /// <summary>Starts the claimed operation. A <paramref name="timeout"/> in milliseconds; <see cref="Timeout.Infinite"/> is none.</summary>
    private protected ValueTask<T> Start(int timeout, CancellationToken cancellation) =>
        TryInline(timeout, cancellation, out var result) ? result : new ValueTask<T>(this, _core.Version);

    /// <summary>As <see cref="Start"/>, for an operation without a result.</summary>
    private protected ValueTask StartVoid(int timeout, CancellationToken cancellation)
    {
        if (!TryInline(timeout, cancellation, out var result))
            return new ValueTask(this, _core.Version);
        return result.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(result.AsTask());
    }

    /// <summary>The operation made headway: its time limit starts anew.</summary>
    private protected void Renew()
    {
        if (_pending && _timeout >= 0)
            _timer.Arm(_timeout);
    }

    private bool TryInline(int timeout, CancellationToken cancellation, out ValueTask<T> result)
    {
        var inline = _reactor.IsCurrent;
        try
        {
            cancellation.ThrowIfCancellationRequested();
            if (inline && TryFinish(out var value))
            {
                Abort();
                result = new ValueTask<T>(value);
                return true;
            }
        }
        catch (Exception exception)
        {
            Abort();
            result = ValueTask.FromException<T>(exception);
            return true;
        }

        result = default;
        _core.Reset();
        _core.RunContinuationsAsynchronously = !inline;
        _timeout = timeout;
        if (cancellation.CanBeCanceled)
        {
            _cancellation = new Cancellation(this, cancellation);
            _registration = cancellation.UnsafeRegister(static state => ((Cancellation)state!).Request(), _cancellation);
        }

        if (inline)
        {
            Wait();
            return false;
        }

        if (_reactor.TryPost(this))
            return false;
        _registration.Unregister();
        Abort();
        result = ValueTask.FromException<T>(new ObjectDisposedException($"reactor {_reactor.Index}", "The reactor of this connection has ended."));
        return true;
    }

    private void Wait()
    {
        _pending = true;
        if (_timeout >= 0)
            _timer.Arm(_timeout);
    }

    private void Abort()
    {
        _registration = default;
        _cancellation = null;
        Forget();
        Volatile.Write(ref _busy, 0);
    }

    private void Finish(T result)
    {
        Settle();
        _core.SetResult(result);
    }

    private void Fail(Exception exception)
    {
        Settle();
        _core.SetException(exception);
    }

    private void Settle()
    {
        _pending = false;
        _timer.Disarm();
        _registration.Unregister();
        _registration = default;
        _cancellation = null;
        Forget();
    }

    /// <summary>Cancels one use of the operation, and none that comes after it.</summary>
    private sealed class Cancellation(ReactorOperation<T> operation, CancellationToken token) : IReactorWork
    {
        internal CancellationToken Token => token;

        internal bool IsRequested { get; private set; }

        internal void Request() => operation._reactor.TryPost(this);

        public void Run()
        {
            IsRequested = true;
            if (operation._pending && ReferenceEquals(operation._cancellation, this))
                operation.Fail(new OperationCanceledException(token));
        }
    }
}
