using Gatehouse.Net.Interop;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>Opens outgoing connections.</summary>
public static class Connector
{
    /// <summary>
    /// Starts a non-blocking connection to <paramref name="endpoint"/> on the reactor whose thread this is. <see cref="ITransportEvents.OnWritable"/> or
    /// <see cref="ITransportEvents.OnBroken"/> follows in a later turn, also when it stands or fails at once; the caller sets the time limit.
    /// TCP connections have TCP_NODELAY.
    /// </summary>
    /// <exception cref="ArgumentException">The endpoint is none, or its Unix path is empty, too long or has a NUL.</exception>
    public static Transport Connect(Reactor reactor, Endpoint endpoint, ITransportEvents events)
    {
        var descriptor = SocketCalls.Open(SocketAddress.Family(endpoint), SocketConstants.Stream);
        if (descriptor < 0)
            return new SocketTransport(reactor, -1, endpoint, -descriptor) { Events = events };
        int errno;
        try
        {
            errno = SocketCalls.Connect(descriptor, endpoint);
        }
        catch (ArgumentException)
        {
            SocketCalls.Close(descriptor);
            throw;
        }

        if (errno is not (0 or Errno.InProgress))
            return new SocketTransport(reactor, descriptor, endpoint, errno) { Events = events };
        if (!endpoint.IsUnix)
            _ = SocketCalls.SetOption(descriptor, SocketConstants.LevelTcp, SocketConstants.TcpNoDelay, 1);
        return new SocketTransport(reactor, descriptor, endpoint, connecting: true) { Events = events };
    }
}
