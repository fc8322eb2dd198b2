using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Gatehouse.Http.Tasks;

/// <summary>
/// Builds an async method that returns <see cref="ValueTask"/> and whose suspended state lives in a pooled box: name it in an
/// <see cref="AsyncMethodBuilderAttribute"/> on a method of the request path. The runtime's own pooling builder keeps one box for each core, which a reactor
/// with thousands of suspended exchanges overflows; this one keeps a stack for each thread. The execution context is not carried: reactors run under the default one.
/// The returned task may be awaited once, as any ValueTask.
/// </summary>
[SuppressMessage("Design", "CA1045", Justification = "The shape of a method builder is the compiler's.")]
[SuppressMessage("Performance", "CA1822", Justification = "The shape of a method builder is the compiler's.")]
public struct PooledValueTaskMethodBuilder
{
    private StateMachineBox<bool>? _box;

    /// <summary>A builder for one call.</summary>
    public static PooledValueTaskMethodBuilder Create() => default;

    /// <summary>The task of the call.</summary>
    public readonly ValueTask Task => _box is null ? default : new ValueTask(_box, _box.Version);

    /// <summary>Runs the method until it first waits.</summary>
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    /// <summary>Not used: boxes hold their machine by value.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The method returned.</summary>
    public readonly void SetResult()
    {
        _box?.SetResult(true);
    }

    /// <summary>The method threw.</summary>
    public void SetException(Exception exception)
    {
        _box ??= new FaultBox<bool>();
        _box.SetException(exception);
    }

    /// <summary>Suspends at an awaiter.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        var box = StateMachineBox<bool, TStateMachine>.For(ref stateMachine, ref _box);
        awaiter.OnCompleted(box.MoveNext);
    }

    /// <summary>Suspends at an awaiter.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        var box = StateMachineBox<bool, TStateMachine>.For(ref stateMachine, ref _box);
        awaiter.UnsafeOnCompleted(box.MoveNext);
    }
}
