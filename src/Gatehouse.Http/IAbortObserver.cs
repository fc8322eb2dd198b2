namespace Gatehouse.Http;

/// <summary>Who wants to know that the client went away.</summary>
public interface IAbortObserver
{
    /// <summary>The client's connection broke. On the reactor; must not block.</summary>
    void OnClientAborted();
}
