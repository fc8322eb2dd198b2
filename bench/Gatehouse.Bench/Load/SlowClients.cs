using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Bench.Load;

/// <summary>Clients that send or take a megabyte at a kilobyte a second, on a thread of their own.</summary>
internal sealed class SlowClients : IDisposable
{
    private const int Step = 1024;

    private readonly List<Socket> _senders = [];
    private readonly List<Socket> _takers = [];
    private readonly Thread _thread;
    private volatile bool _isStopped;

    /// <summary>Opens half of <paramref name="count"/> for <paramref name="upload"/>, half for <paramref name="download"/>.</summary>
    public SlowClients(int port, int count, Work upload, Work download)
    {
        for (var i = 0; i < count; i++)
        {
            var work = i % 2 == 0 ? upload : download;
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            var length = work.Upload > 0 ? $"Content-Length: {work.Upload}\r\n" : "";
            socket.Send(Encoding.ASCII.GetBytes($"{(work.Upload > 0 ? "POST" : "GET")} {work.Target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{length}\r\n"));
            (work.Upload > 0 ? _senders : _takers).Add(socket);
        }

        _thread = new Thread(Run);
        _thread.Start();
    }

    /// <summary>Shows that the server still holds all of them.</summary>
    /// <exception cref="RowFailedException">It has ended one.</exception>
    public void RequireOpen()
    {
        foreach (var socket in _senders)
            if (socket.Poll(0, SelectMode.SelectRead)) throw new RowFailedException("a slow upload was ended");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isStopped = true;
        _thread.Join();
        foreach (var socket in (Socket[])[.. _senders, .. _takers]) socket.Dispose();
    }

    private void Run()
    {
        var buffer = new byte[Step];
        while (!_isStopped)
        {
            foreach (var socket in _senders) socket.Send(buffer);
            foreach (var socket in _takers)
                if (socket.Poll(0, SelectMode.SelectRead)) socket.Receive(buffer);
            for (var slept = 0; slept < 1000 && !_isStopped; slept += 50) Thread.Sleep(50);
        }
    }
}
