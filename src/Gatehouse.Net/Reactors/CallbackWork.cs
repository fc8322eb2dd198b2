namespace Gatehouse.Net.Reactors;

/// <summary>A delegate with its state as a queue entry.</summary>
public sealed class CallbackWork(Action<object?> callback, object? state) : IReactorWork
{
    /// <inheritdoc/>
    public void Run() => callback(state);
}
