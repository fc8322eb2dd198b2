using System.Net.Sockets;

namespace Gatehouse.Edge.Logs;

/// <summary>
/// Sends each line as a syslog message: over UDP one datagram each (RFC 5426), where what is lost is lost; over TCP in a row on one connection, which is made
/// again when it breaks (RFC 6587). What TCP had taken when its connection broke may be lost too: syslog has no answer.
/// </summary>
internal sealed class SyslogDestination(SyslogAddress address) : ILogDestination
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SyslogMessage _message = new();
    private Socket? _socket;
    private int _done;

    public void Write(ReadOnlySpan<byte> lines)
    {
        try
        {
            _socket ??= Connect();
            while (_done < lines.Length)
            {
                var rest = lines[_done..];
                var end = rest.IndexOf((byte)'\n');
                Send(_socket, _message.Make(rest[..end], DateTime.UtcNow, address.IsTcp).Span);
                _done += end + 1;
            }
            _done = 0;
        }
        catch (SocketException)
        {
            Reopen();
            throw;
        }
    }

    public void Reopen()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public void Dispose() => _socket?.Dispose();

    private void Send(Socket socket, ReadOnlySpan<byte> message)
    {
        try
        {
            while (!message.IsEmpty)
                message = message[socket.Send(message)..];
        }
        // A collector that is not there is told by ICMP after the datagram before; the next may find it back.
        catch (SocketException) when (!address.IsTcp)
        {
        }
    }

    private Socket Connect()
    {
        var socket = address.IsTcp
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(SocketType.Dgram, ProtocolType.Udp);
        socket.SendTimeout = (int)Patience.TotalMilliseconds;
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            socket.ConnectAsync(address.Host, address.Port, patience.Token).AsTask().GetAwaiter().GetResult();
            return socket;
        }
        catch (OperationCanceledException fault)
        {
            socket.Dispose();
            throw new IOException($"no connection within {Patience.TotalSeconds:0} s", fault);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
