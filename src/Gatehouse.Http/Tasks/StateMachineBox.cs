using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Gatehouse.Http.Tasks;

/// <summary>The task side of a suspended async method: what its caller awaits.</summary>
internal abstract class StateMachineBox<TResult> : IValueTaskSource<TResult>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<TResult> _core;

    public short Version => _core.Version;

    public void SetResult(TResult result) => _core.SetResult(result);

    public void SetException(Exception exception) => _core.SetException(exception);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    public TResult GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            Recycle();
        }
    }

    /// <summary>The result was taken: the box may serve another call.</summary>
    protected abstract void Recycle();
}

/// <summary>Carries the exception of a method that threw before it ever waited.</summary>
internal sealed class FaultBox<TResult> : StateMachineBox<TResult>
{
    protected override void Recycle()
    {
    }
}

/// <summary>Holds a suspended state machine by value. Idle boxes wait in a stack of the thread that took their last result.</summary>
internal sealed class StateMachineBox<TResult, TStateMachine> : StateMachineBox<TResult>
    where TStateMachine : IAsyncStateMachine
{
    // 1,024 boxes of a few hundred bytes: the exchanges one reactor has suspended in one method at a usual time.
    private const int Retained = 1024;

    [ThreadStatic]
    private static StateMachineBox<TResult, TStateMachine>? _free;

    // How many boxes wait in the stack below this one, itself included.
    private int _depth;

    private TStateMachine _stateMachine = default!;
    private StateMachineBox<TResult, TStateMachine>? _next;

    private StateMachineBox() => MoveNext = Run;

    public Action MoveNext { get; }

    /// <summary>The box that already holds <paramref name="stateMachine"/>, or one that it is moved into at its first suspension.</summary>
    public static StateMachineBox<TResult, TStateMachine> For(ref TStateMachine stateMachine, ref StateMachineBox<TResult>? builderBox)
    {
        if (builderBox is not null)
            return Unsafe.As<StateMachineBox<TResult, TStateMachine>>(builderBox);
        var box = _free;
        if (box is null)
        {
            box = new StateMachineBox<TResult, TStateMachine>();
        }
        else
        {
            _free = box._next;
            box._next = null;
        }
        // The builder lies inside the machine: set its box before the machine is copied.
        builderBox = box;
        box._stateMachine = stateMachine;
        return box;
    }

    protected override void Recycle()
    {
        _stateMachine = default!;
        ref var free = ref _free;
        var depth = free is null ? 1 : free._depth + 1;
        if (depth > Retained)
            return;
        _depth = depth;
        _next = free;
        free = this;
    }

    private void Run() => _stateMachine.MoveNext();
}
