using System.Net.Sockets;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;

namespace Gatehouse.AspNetCore.Addresses;

/// <summary>The listeners of a server. A failure closes those that were opened.</summary>
internal sealed class ServerListeners(IReadOnlyList<Reactor> reactors, IConnectionAcceptor plain, Func<IConnectionAcceptor> secure) : IDisposable
{
    private readonly List<Listener> _listeners = [];

    /// <summary>Listens on <paramref name="address"/> and returns it as it was bound.</summary>
    /// <exception cref="IOException">None of its endpoints can be bound.</exception>
    public string Open(ServerAddress address)
    {
        var acceptor = address.IsSecure ? secure() : plain;
        Listener? first = null;
        foreach (var group in address.Endpoints)
        {
            SocketException? failure = null;
            Listener? found = null;
            foreach (var endpoint in group)
            {
                try
                {
                    var listener = Listener.Start(reactors, endpoint, acceptor);
                    _listeners.Add(listener);
                    found ??= listener;
                }
                catch (SocketException exception) when (IsAbsent(exception) && group.Count > 1)
                {
                    failure = exception;
                }
                catch (SocketException exception)
                {
                    throw new IOException(exception.Message, exception);
                }
            }
            first ??= found ?? throw new IOException(failure!.Message, failure);
        }
        return address.Bound(first!.Endpoint);
    }

    public void Dispose()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
        _listeners.Clear();
    }

    // A machine without IPv6, or without an address of the family.
    private static bool IsAbsent(SocketException exception) =>
        exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported;
}
