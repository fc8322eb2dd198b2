using System.Net.Sockets;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>One UDP endpoint over a group of reactors: a SO_REUSEPORT socket each, after a probe bind without it so that a second server on the port fails.</summary>
public sealed class UdpListener : IDisposable
{
    private readonly UdpSocket[] _sockets;

    private UdpListener(Endpoint endpoint, UdpSocket[] sockets)
    {
        Endpoint = endpoint;
        _sockets = sockets;
    }

    /// <summary>The endpoint it is bound to, with the real port where 0 was asked.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>The sockets, in the order of the reactors. The first receive on each is its owner's, on its reactor.</summary>
    public IReadOnlyList<UdpSocket> Sockets => _sockets;

    /// <summary>Binds on all of <paramref name="reactors"/>.</summary>
    /// <exception cref="SocketException">The endpoint cannot be bound: in use, not permitted, not an address of this machine.</exception>
    public static UdpListener Bind(IReadOnlyList<Reactor> reactors, Endpoint endpoint, UdpOptions? options = null)
    {
        options = (options ?? new UdpOptions()) with { ReusePort = true };
        endpoint = UdpSocket.Probe(endpoint);
        var sockets = new UdpSocket[reactors.Count];
        var opened = 0;
        try
        {
            for (; opened < sockets.Length; opened++)
                sockets[opened] = UdpSocket.Bind(reactors[opened], endpoint, options);
            return new UdpListener(endpoint, sockets);
        }
        catch
        {
            for (var i = 0; i < opened; i++)
                sockets[i].Dispose();
            throw;
        }
    }

    /// <summary>Closes the sockets, each on its reactor.</summary>
    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
    }
}
