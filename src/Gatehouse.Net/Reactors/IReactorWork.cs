namespace Gatehouse.Net.Reactors;

/// <summary>Something that a reactor runs once on its thread. The object is the queue entry, so posting one that exists allocates nothing.</summary>
public interface IReactorWork
{
    /// <summary>Does the work. Must not block; an exception is reported by the reactor and ends nothing else.</summary>
    void Run();
}
