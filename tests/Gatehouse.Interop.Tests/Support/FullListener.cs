using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Interop.Tests.Support;

/// <summary>A listener that accepts nothing and whose queue is full, so that a further connection is neither made nor refused.</summary>
public sealed class FullListener : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    public FullListener()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        var endpoint = (IPEndPoint)_listener.LocalEndPoint!;
        Address = $"127.0.0.1:{endpoint.Port}";
        // The queue of length 0 takes one connection; more are only begun.
        for (var i = 0; i < 4; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _waiting.Add(socket);
            try
            {
                socket.Connect(endpoint);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
            }
        }
        Thread.Sleep(50);
    }

    /// <summary>Its address as a configuration writes it.</summary>
    public string Address { get; }

    public void Dispose()
    {
        foreach (var socket in _waiting) socket.Dispose();
        _listener.Dispose();
    }
}
