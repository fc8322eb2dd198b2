using System.Net;
using System.Net.Sockets;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Names;

/// <summary>
/// Asks the system (getaddrinfo(3): the hosts file, then the configured servers), on the thread pool. The order of the addresses is the system's, that of
/// RFC 6724; a time to live is not told.
/// </summary>
public sealed class SystemNameResolver : INameResolver
{
    private SystemNameResolver()
    {
    }

    /// <summary>The one instance; it has no state.</summary>
    public static SystemNameResolver Instance { get; } = new();

    /// <inheritdoc/>
    public async ValueTask<ResolvedName> ResolveAsync(string host, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        IPAddress[] found;
        try
        {
            found = await Dns.GetHostAddressesAsync(host, cancellation);
        }
        catch (SocketException exception)
        {
            throw new IOException($"the name '{host}' was not resolved: {Reason(exception.SocketErrorCode)}", exception);
        }
        catch (ArgumentException exception)
        {
            // Longer than 255 characters.
            throw new IOException($"'{host}' is not a host name: {exception.Message}", exception);
        }
        if (found.Length == 0)
            throw new IOException($"the name '{host}' was not resolved: {Reason(SocketError.NoData)}");
        var addresses = new IpAddress[found.Length];
        for (var i = 0; i < found.Length; i++)
            addresses[i] = IpAddress.FromIPAddress(found[i]);
        return new ResolvedName(addresses, TimeSpan.Zero);
    }

    private static string Reason(SocketError error) => error switch
    {
        SocketError.HostNotFound => "there is no such name",
        SocketError.NoData => "it has no address",
        SocketError.TryAgain => "the name servers did not answer",
        _ => $"the system reports {error}",
    };
}
