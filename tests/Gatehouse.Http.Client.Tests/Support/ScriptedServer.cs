using System.Net;
using System.Net.Sockets;
using Gatehouse.Http.Urls;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Http.Client.Tests.Support;

/// <summary>
/// A TCP server on .NET's sockets that does on each connection what the test says, and closes it behind that. A script that fails, fails the test at its end.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<ServerSide, Task> _script;
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private int _accepted;

    private ScriptedServer(Func<ServerSide, Task> script)
    {
        _script = script;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(64);
        _accepting = AcceptAsync();
    }

    public int Accepted => Volatile.Read(ref _accepted);

    public ushort Port => (ushort)((IPEndPoint)_listener.LocalEndPoint!).Port;

    public Endpoint Endpoint => new(IpAddress.FromV4(0x7F000001), Port);

    public static ScriptedServer Start(Func<ServerSide, Task> script) => new(script);

    public Url Url(string path = "/") => Urls.Url.Parse($"http://127.0.0.1:{Port}{path}");

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _accepting;
        await Task.WhenAll(_connections).WaitAsync(ReactorExtensions.Limit);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                socket.NoDelay = true;
                _connections.Add(ServeAsync(socket, Interlocked.Increment(ref _accepted) - 1));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }

    private async Task ServeAsync(Socket socket, int index)
    {
        using var side = new ServerSide(new NetworkStream(socket, ownsSocket: true), socket) { Index = index };
        await _script(side);
    }
}
