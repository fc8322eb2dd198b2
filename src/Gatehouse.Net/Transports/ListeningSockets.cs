using Gatehouse.Net.Interop;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>Opens, binds and listens; a failure closes all that was opened.</summary>
internal static class ListeningSockets
{
    /// <summary>
    /// <paramref name="count"/> TCP sockets on one port by SO_REUSEPORT. With port 0 the first one's port is the port of all, and is put into
    /// <paramref name="endpoint"/>.
    /// </summary>
    internal static int[] OpenTcp(ref Endpoint endpoint, int count, ListenerOptions options)
    {
        // SO_REUSEPORT would let a second server of the same user take a share of the connections. Without it the bind tells when somebody listens.
        if (endpoint.Port != 0)
            SocketCalls.Close(Bind(endpoint, reusePort: false));
        var descriptors = new int[count];
        var opened = 0;
        try
        {
            for (; opened < count; opened++)
            {
                descriptors[opened] = Bind(endpoint, reusePort: true);
                if (endpoint.Port == 0)
                    endpoint = SocketCalls.LocalEndpoint(descriptors[opened]);
            }

            foreach (var descriptor in descriptors)
            {
                SetTcpOptions(descriptor, options);
                Check(SocketCalls.Listen(descriptor, options.Backlog), "listen on", endpoint);
            }

            return descriptors;
        }
        catch
        {
            for (var i = 0; i < opened; i++)
                SocketCalls.Close(descriptors[i]);
            throw;
        }
    }

    /// <summary>A Unix socket; the file of a server that has ended is replaced, that of one that listens is not.</summary>
    internal static int OpenUnix(Endpoint endpoint, ListenerOptions options, out UnixSocketFile? file)
    {
        var descriptor = Open(endpoint);
        try
        {
            // The mode before bind(2) so that the file is never more open than asked, and once more after it because bind applied the umask.
            SocketCalls.ChangeMode(descriptor, options.UnixMode);
            var errno = SocketCalls.Bind(descriptor, endpoint);
            if (errno == Errno.AddressInUse && UnixSocketFile.RemoveIfStale(endpoint))
                errno = SocketCalls.Bind(descriptor, endpoint);
            Check(errno, "bind", endpoint);
            file = UnixSocketFile.Bound(endpoint, options.UnixMode);
            Check(SocketCalls.Listen(descriptor, options.Backlog), "listen on", endpoint);
            return descriptor;
        }
        catch
        {
            SocketCalls.Close(descriptor);
            throw;
        }
    }

    private static int Bind(in Endpoint endpoint, bool reusePort)
    {
        var descriptor = Open(endpoint);
        try
        {
            // SO_REUSEADDR: connections of the last run that are in TIME_WAIT do not keep the port.
            Check(SocketCalls.SetOption(descriptor, SocketConstants.LevelSocket, SocketConstants.ReuseAddress, 1), "set SO_REUSEADDR for", endpoint);
            if (reusePort)
                Check(SocketCalls.SetOption(descriptor, SocketConstants.LevelSocket, SocketConstants.ReusePort, 1), "set SO_REUSEPORT for", endpoint);

            // So that [::] and 0.0.0.0 are two endpoints that can both be bound, whatever net.ipv6.bindv6only says.
            if (endpoint.Address.IsV6)
                Check(SocketCalls.SetOption(descriptor, SocketConstants.LevelV6, SocketConstants.V6Only, 1), "set IPV6_V6ONLY for", endpoint);
            Check(SocketCalls.Bind(descriptor, endpoint), "bind", endpoint);
            return descriptor;
        }
        catch
        {
            SocketCalls.Close(descriptor);
            throw;
        }
    }

    // Accepted sockets inherit TCP_NODELAY: once here instead of a system call for each connection.
    private static void SetTcpOptions(int descriptor, ListenerOptions options)
    {
        _ = SocketCalls.SetOption(descriptor, SocketConstants.LevelTcp, SocketConstants.TcpNoDelay, 1);
        if (options.DeferAccept <= TimeSpan.Zero)
            return;
        var seconds = (int)Math.Ceiling(options.DeferAccept.TotalSeconds);
        _ = SocketCalls.SetOption(descriptor, SocketConstants.LevelTcp, SocketConstants.TcpDeferAccept, seconds);
    }

    private static int Open(in Endpoint endpoint)
    {
        var descriptor = SocketCalls.Open(SocketAddress.Family(endpoint), SocketConstants.Stream);
        return descriptor >= 0 ? descriptor : throw Errno.ToException(-descriptor, $"Cannot open a socket for {endpoint}");
    }

    private static void Check(int errno, string what, in Endpoint endpoint)
    {
        if (errno != 0)
            throw Errno.ToException(errno, $"Cannot {what} {endpoint}");
    }
}
