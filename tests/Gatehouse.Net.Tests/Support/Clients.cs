using System.Net;
using System.Net.Sockets;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Tests.Support;

/// <summary>Clients made of .NET's own sockets, so that both ends of a test are not our code.</summary>
internal static class Clients
{
    internal static Socket Connect(Endpoint endpoint)
    {
        Socket socket;
        EndPoint target;
        if (endpoint.IsUnix)
        {
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            target = new UnixDomainSocketEndPoint(endpoint.UnixPath![0] == '@' ? "\0" + endpoint.UnixPath[1..] : endpoint.UnixPath);
        }
        else
        {
            var family = endpoint.Address.IsV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
            socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            target = new IPEndPoint(endpoint.Address.IsV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, endpoint.Port);
        }

        socket.ReceiveTimeout = socket.SendTimeout = (int)ReactorExtensions.Limit.TotalMilliseconds;
        socket.Connect(target);
        return socket;
    }

    internal static byte[] ReadExactly(this Socket socket, int count)
    {
        var buffer = new byte[count];
        var have = 0;
        while (have < count)
        {
            var got = socket.Receive(buffer, have, count - have, SocketFlags.None);
            Assert.True(got > 0, $"Expected {count} bytes; the stream ended after {have}.");
            have += got;
        }

        return buffer;
    }

    internal static byte[] Random(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
