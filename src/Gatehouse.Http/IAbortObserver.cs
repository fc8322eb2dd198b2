namespace Gatehouse.Http;

/// <summary>Who wants to know that the client went away.</summary>
public interface IAbortObserver
{
    /// <summary>The client's connection broke. On the reactor; must not block.</summary>
    void OnClientAborted();

    /// <summary>
    /// The client has ended its side of the connection: most that do have gone, but some still read (RFC 9112 section 9.6), so that the answer is sent nevertheless.
    /// May be told more than once. On the reactor; must not block, nor end the exchange.
    /// </summary>
    void OnClientEnded()
    {
    }
}
