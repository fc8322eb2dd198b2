namespace Gatehouse.Http;

/// <summary>Who wants to know that the client went away.</summary>
public interface IAbortObserver
{
    /// <summary>The client's connection broke. On the reactor; must not block.</summary>
    void OnClientAborted();

    /// <summary>
    /// True to be told when the client ends its side behind its request, which few clients do that still want the answer: its driver then looks for that as
    /// far as it can.
    /// </summary>
    bool WatchesClientEnd => false;

    /// <summary>The client ended its side behind its request; what is sent may still reach it. On the reactor; must not block.</summary>
    void OnClientEnded()
    {
    }
}
