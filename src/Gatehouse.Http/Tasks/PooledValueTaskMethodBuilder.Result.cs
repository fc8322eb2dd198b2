using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Gatehouse.Http.Tasks;

/// <summary>As <see cref="PooledValueTaskMethodBuilder"/>, for a method that returns <see cref="ValueTask{TResult}"/>.</summary>
[SuppressMessage("Design", "CA1045", Justification = "The shape of a method builder is the compiler's.")]
[SuppressMessage("Design", "CA1000", Justification = "The shape of a method builder is the compiler's.")]
[SuppressMessage("Performance", "CA1822", Justification = "The shape of a method builder is the compiler's.")]
public struct PooledValueTaskMethodBuilder<TResult>
{
    private StateMachineBox<TResult>? _box;
    private TResult _result;

    /// <summary>A builder for one call.</summary>
    public static PooledValueTaskMethodBuilder<TResult> Create() => default;

    /// <summary>The task of the call.</summary>
    public readonly ValueTask<TResult> Task => _box is null ? new ValueTask<TResult>(_result) : new ValueTask<TResult>(_box, _box.Version);

    /// <summary>Runs the method until it first waits.</summary>
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    /// <summary>Not used: boxes hold their machine by value.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The method returned.</summary>
    public void SetResult(TResult result)
    {
        if (_box is null)
            _result = result;
        else
            _box.SetResult(result);
    }

    /// <summary>The method threw.</summary>
    public void SetException(Exception exception)
    {
        _box ??= new FaultBox<TResult>();
        _box.SetException(exception);
    }

    /// <summary>Suspends at an awaiter.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        var box = StateMachineBox<TResult, TStateMachine>.For(ref stateMachine, ref _box);
        awaiter.OnCompleted(box.MoveNext);
    }

    /// <summary>Suspends at an awaiter.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        var box = StateMachineBox<TResult, TStateMachine>.For(ref stateMachine, ref _box);
        awaiter.UnsafeOnCompleted(box.MoveNext);
    }
}
