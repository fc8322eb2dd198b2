using System.Runtime.CompilerServices;

namespace Gatehouse.Net.Reactors;

/// <summary>
/// Awaited to go on on a reactor's thread: at once when there, else in its next turn. Off again leads <see cref="Task.Yield"/>, to the thread pool.
/// </summary>
public sealed class ReactorSwitch(Reactor reactor) : ICriticalNotifyCompletion, IReactorWork
{
    private Action? _continuation;
    private bool _hasEnded;

    /// <summary>True on the reactor's thread.</summary>
    public bool IsCompleted => reactor.IsCurrent;

    /// <summary>To be awaited, once.</summary>
    public static ReactorSwitch To(Reactor reactor) => new(reactor);

    /// <summary>Itself.</summary>
    public ReactorSwitch GetAwaiter() => this;

    /// <summary>Nothing, on the reactor.</summary>
    /// <exception cref="ObjectDisposedException">The reactor has ended.</exception>
    public void GetResult() => ObjectDisposedException.ThrowIf(_hasEnded, reactor);

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation)
    {
        _continuation = continuation;
        if (reactor.TryPost(this))
            return;
        // An exception thrown here would end the process; thrown by GetResult it ends the one who waits.
        _hasEnded = true;
        ThreadPool.UnsafeQueueUserWorkItem(static action => action(), continuation, preferLocal: false);
    }

    void IReactorWork.Run() => _continuation!();
}
