using Gatehouse.Net.Reactors;

namespace Gatehouse.Net.Files;

/// <summary>A piece of work that blocks: it runs on a thread of an <see cref="IoPool"/> and completes on its reactor. The object can be used again.</summary>
public abstract class IoWork : IReactorWork
{
    private Exception? _failure;

    /// <summary>The reactor it completes on.</summary>
    internal Reactor? Reactor { get; set; }

    void IReactorWork.Run()
    {
        var failure = _failure;
        _failure = null;
        Complete(failure);
    }

    /// <summary>Does the work, on a thread of the pool.</summary>
    protected abstract void Execute();

    /// <summary>Takes the result, on the reactor. <paramref name="failure"/> is what <see cref="Execute"/> threw, or null.</summary>
    protected abstract void Complete(Exception? failure);

    internal void ExecuteAndPost()
    {
        try
        {
            Execute();
        }
        catch (Exception exception)
        {
            _failure = exception;
        }

        // A reactor that has ended wants no results.
        Reactor!.TryPost(this);
    }
}
