using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Bench.Processes;

/// <summary>Finds loopback ports to listen on.</summary>
internal static class Ports
{
    // Below the kernel's ephemeral range (32768 and up by default): a port in it could be taken by a connection of the load at any moment.
    private const int First = 20000;
    private const int Last = 32000;

    private static int _next = First + Random.Shared.Next(Last - First);

    /// <summary>A port of 127.0.0.1 on which nothing listens now, another one at each call.</summary>
    public static int Free()
    {
        for (var tries = 0; tries < Last - First; tries++)
        {
            _next = _next >= Last ? First : _next + 1;
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, _next));
                return _next;
            }
            catch (SocketException)
            {
                // Taken: try the next one.
            }
        }

        throw new RowFailedException($"no free port between {First} and {Last} on 127.0.0.1");
    }
}
