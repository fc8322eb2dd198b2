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
}
