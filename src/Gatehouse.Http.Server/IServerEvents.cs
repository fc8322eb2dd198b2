namespace Gatehouse.Http.Server;

/// <summary>Who hears of what the server itself answers or ends, on the reactor where it happens: logs and metrics. Must neither block nor throw.</summary>
public interface IServerEvents
{
    /// <summary>
    /// A request was refused or failed, or a connection was ended: malformed, over a limit, too slow, or a handler's note of what went wrong.
    /// <paramref name="status"/> is the answer sent, 0 when none was, 499 when the client was gone before it could be.
    /// </summary>
    void OnRefused(Protocols.Addresses.Endpoint remote, int status, string reason);

    /// <summary>A handler threw something that is not the client's fault.</summary>
    void OnHandlerFailed(Exchange exchange, Exception exception);

    /// <summary>No connection can be accepted for want of descriptors or memory; those who come wait in the kernel's queue. Told once until it works again.</summary>
    void OnAcceptSuspended(string reason);
}
