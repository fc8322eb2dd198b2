using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Testing;

/// <summary>
/// Ports of the loopback addresses that nothing holds at the moment. They lie below Linux's ephemeral range (32768 and up), so that no outgoing connection of a
/// test that runs at the same time takes one between the question and the use; no port is given twice in a process.
/// </summary>
public static class FreePort
{
    private const int First = 15_000;
    private const int Last = 32_000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    /// <summary>A port for TCP, free on IPv4 and, where the machine has it, on IPv6.</summary>
    public static int Tcp() => Find(SocketType.Stream, ProtocolType.Tcp);

    /// <summary>A port for UDP, free on IPv4 and, where the machine has it, on IPv6.</summary>
    public static int Udp() => Find(SocketType.Dgram, ProtocolType.Udp);

    private static int Find(SocketType type, ProtocolType protocol)
    {
        lock (Gate)
        {
            while (true)
            {
                var port = Random.Shared.Next(First, Last);
                if (Given.Contains(port) || !IsFree(IPAddress.Any, port, type, protocol)) continue;
                if (Socket.OSSupportsIPv6 && !IsFree(IPAddress.IPv6Any, port, type, protocol)) continue;
                Given.Add(port);
                return port;
            }
        }
    }

    private static bool IsFree(IPAddress address, int port, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(address.AddressFamily, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
