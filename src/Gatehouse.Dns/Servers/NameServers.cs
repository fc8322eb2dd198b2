using Gatehouse.Net.Reactors;

namespace Gatehouse.Dns.Servers;

/// <summary>Makes name servers of their addresses.</summary>
public static class NameServers
{
    /// <summary>The server at an address; it connects when it is asked. On the reactor.</summary>
    public static NameServer Create(Reactor reactor, ServerAddress address, ServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= ServerOptions.Default;
        return address.Protocol switch
        {
            ServerProtocol.Udp => new UdpServer(reactor, address, options),
            ServerProtocol.Tcp or ServerProtocol.Tls => new StreamServer(reactor, address, options),
            ServerProtocol.DnsCrypt => new DnsCryptServer(reactor, address, options),
            _ => new HttpsServer(reactor, address, options),
        };
    }
}
