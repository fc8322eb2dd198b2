namespace Gatehouse.Net.Names;

/// <summary>
/// Finds the addresses of host names. Called from any thread; where it has to wait it does not hold the caller's thread, which may be a reactor.
/// </summary>
public interface INameResolver
{
    /// <summary>Finds the addresses of a host.</summary>
    /// <param name="host">A domain name in ASCII (A-labels), not an address.</param>
    /// <param name="cancellation">Gives the search up.</param>
    /// <exception cref="IOException">The name has no address, or nobody could be asked; the message says which.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    ValueTask<ResolvedName> ResolveAsync(string host, CancellationToken cancellation = default);

    /// <summary>Finds the hosts of a service by its SRV records (RFC 2782).</summary>
    /// <param name="service">Its name, such as <c>_http._tcp.example.com</c>.</param>
    /// <param name="cancellation">Gives the search up.</param>
    /// <exception cref="IOException">Nobody could be asked, or there is no such name; the message says which.</exception>
    /// <exception cref="NotSupportedException">The resolver knows of hosts only.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    ValueTask<ResolvedService> ResolveServiceAsync(string service, CancellationToken cancellation = default) =>
        throw new NotSupportedException($"the service '{service}' cannot be asked for: the system's resolver finds hosts only");
}
