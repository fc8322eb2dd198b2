namespace Gatehouse.Http;

/// <summary>Looks at exchanges that are over: logs and metrics.</summary>
public interface IExchangeObserver
{
    /// <summary>
    /// The exchange is over: its handler is done, and its answer is complete or given up. <see cref="Response.Status"/> is what was sent; when nothing was,
    /// the status that the fault stands for, 499 when the client was gone. On the reactor; must neither block nor throw, and must not send.
    /// </summary>
    void OnEnded(Exchange exchange);
}
