using System.Runtime.CompilerServices;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Http.Client.Exchanges;

/// <summary>
/// Awaited to go on on a reactor's thread: at once when there, else in its next turn. Off again leads <see cref="Task.Yield"/>, to the thread pool.
/// </summary>
internal sealed class ReactorSwitch(Reactor reactor) : ICriticalNotifyCompletion, IReactorWork
{
    private Action? _continuation;
    private bool _hasEnded;

    public bool IsCompleted => reactor.IsCurrent;

    public static ReactorSwitch To(Reactor reactor) => new(reactor);

    public ReactorSwitch GetAwaiter() => this;

    public void GetResult() => ObjectDisposedException.ThrowIf(_hasEnded, reactor);

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

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
