using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Interop.Tests.Support;

/// <summary>
/// An upstream that does on each connection exactly what its script says, right or wrong. A connection is closed when its script returns; one that its peer
/// ends is over without more ado.
/// </summary>
public sealed class ScriptedUpstream : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentQueue<UpstreamConnection> _connections = new();
    private readonly ConcurrentQueue<Exception> _faults = new();
    private readonly Action<UpstreamConnection> _script;
    private int _accepted;
    private int _open;

    /// <summary>Listens on a free port, or on <paramref name="port"/>.</summary>
    public ScriptedUpstream(Action<UpstreamConnection> script, int port = 0)
    {
        _script = script;
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        new Thread(Accept) { IsBackground = true, Name = "scripted upstream" }.Start();
    }

    /// <summary>Its port of 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Its address as a configuration writes it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections whose script runs.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>The connections in the order they came.</summary>
    public IReadOnlyList<UpstreamConnection> Connections => [.. _connections];

    /// <summary>What went wrong in scripts, failed assertions among it.</summary>
    public IReadOnlyList<Exception> Faults => [.. _faults];

    /// <summary>An upstream that answers each request by a function and keeps its connections.</summary>
    public static ScriptedUpstream Answering(Func<UpstreamRequest, byte[]> answer, int port = 0) => new(connection =>
    {
        while (true) connection.Send(answer(connection.ReadRequest()));
    }, port);

    /// <summary>Stops listening and drops its connections.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        foreach (var connection in _connections) connection.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.Accept();
                socket.NoDelay = true;
                var connection = new UpstreamConnection(socket, Interlocked.Increment(ref _accepted));
                _connections.Enqueue(connection);
                Interlocked.Increment(ref _open);
                new Thread(() => Run(connection)) { IsBackground = true, Name = "scripted connection" }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private void Run(UpstreamConnection connection)
    {
        try
        {
            _script(connection);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            // The peer is done, or the test is.
        }
        catch (Exception e)
        {
            _faults.Enqueue(e);
        }
        finally
        {
            connection.Dispose();
            Interlocked.Decrement(ref _open);
        }
    }
}
