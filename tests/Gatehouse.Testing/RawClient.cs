using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Testing;

/// <summary>
/// A blocking client that sends exactly the bytes it is told and reads exactly what comes, for tests of what no HTTP library would send. Every wait ends after
/// <see cref="Timeout"/> with a <see cref="TimeoutException"/> that says what had come until then.
/// </summary>
public sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    private RawClient(Socket socket, TimeSpan timeout)
    {
        _socket = socket;
        Timeout = timeout;
    }

    /// <summary>How long one wait for the peer may take: by default ten seconds, enough for a loaded machine.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>The socket, for options and addresses.</summary>
    public Socket Socket => _socket;

    /// <summary>Connects over TCP.</summary>
    /// <exception cref="TimeoutException">Nobody answered in time.</exception>
    /// <exception cref="SocketException">Refused or unreachable.</exception>
    public static RawClient Connect(int port, string host = "127.0.0.1", TimeSpan? timeout = null)
    {
        var limit = timeout ?? TimeSpan.FromSeconds(10);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        return Connect(socket, limit, $"{host}:{port}", cancel => socket.ConnectAsync(host, port, cancel));
    }

    /// <summary>Connects to a Unix socket.</summary>
    /// <exception cref="TimeoutException">Nobody answered in time.</exception>
    /// <exception cref="SocketException">Refused or missing.</exception>
    public static RawClient ConnectUnix(string path, TimeSpan? timeout = null)
    {
        var limit = timeout ?? TimeSpan.FromSeconds(10);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        return Connect(socket, limit, path, cancel => socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel));
    }

    /// <summary>Sends bytes.</summary>
    /// <exception cref="TimeoutException">The peer stopped reading.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        _socket.SendTimeout = (int)Timeout.TotalMilliseconds;
        while (bytes.Length > 0)
        {
            try
            {
                bytes = bytes[_socket.Send(bytes)..];
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                throw new TimeoutException($"The peer took no byte for {Timeout.TotalSeconds} s; {bytes.Length} are left.");
            }
        }
    }

    /// <summary>Sends text, each character as one byte (Latin-1), so that any byte can be written.</summary>
    public void Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends pieces as writes of their own, with a pause between two so that they arrive apart.</summary>
    public void Send(IReadOnlyList<ReadOnlyMemory<byte>> pieces, TimeSpan pause = default)
    {
        foreach (var piece in pieces)
        {
            Send(piece.Span);
            if (pause > TimeSpan.Zero) Thread.Sleep(pause);
        }
    }

    /// <summary>Ends the sending side; reading goes on.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Drops the connection with a reset (RST) instead of an orderly end.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Reads exactly <paramref name="count"/> bytes.</summary>
    /// <exception cref="EndOfStreamException">The peer ended before.</exception>
    public byte[] Read(int count)
    {
        while (_end - _start < count)
            if (!Fill()) throw new EndOfStreamException($"{count} bytes expected; the peer ended after {_end - _start}: {Show()}");
        return Take(count);
    }

    /// <summary>Reads until the peer ends its side. A reset counts as an end only with <paramref name="allowReset"/>.</summary>
    public byte[] ReadToEnd(bool allowReset = false)
    {
        try
        {
            while (Fill()) { }
        }
        catch (SocketException e) when (allowReset && e.SocketErrorCode == SocketError.ConnectionReset)
        {
        }
        return Take(_end - _start);
    }

    /// <summary>Reads whatever comes within <paramref name="window"/>; ends early when the peer ends.</summary>
    public byte[] ReadFor(TimeSpan window)
    {
        var until = Environment.TickCount64 + (long)window.TotalMilliseconds;
        while (until - Environment.TickCount64 is > 0 and var left && _socket.Poll(TimeSpan.FromMilliseconds(left), SelectMode.SelectRead))
            if (!Fill()) break;
        return Take(_end - _start);
    }

    /// <summary>Reads up to and with <paramref name="marker"/>.</summary>
    /// <exception cref="EndOfStreamException">The peer ended before the marker.</exception>
    public byte[] ReadThrough(ReadOnlySpan<byte> marker)
    {
        int at;
        while ((at = _buffer.AsSpan(_start, _end - _start).IndexOf(marker)) < 0)
            if (!Fill()) throw new EndOfStreamException($"'{Encoding.Latin1.GetString(marker)}' expected; the peer ended after: {Show()}");
        return Take(at + marker.Length);
    }

    /// <summary>True when the peer has ended its side and nothing is left to read; waits for it.</summary>
    public bool IsAtEnd() => _start == _end && !Fill();

    /// <summary>
    /// Reads one response, framed by RFC 9112 section 6.3: an interim (1xx) response is one of its own, HEAD, 204 and 304 have no body, else chunked,
    /// else Content-Length, else until the peer ends.
    /// </summary>
    /// <param name="toHead">The request was HEAD.</param>
    /// <exception cref="FormatException">What came is no response.</exception>
    public RawResponse ReadResponse(bool toHead = false) => RawResponseReader.Read(this, toHead);

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _socket.Dispose();

    private static RawClient Connect(Socket socket, TimeSpan timeout, string target, Func<CancellationToken, ValueTask> connect)
    {
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            connect(deadline.Token).AsTask().GetAwaiter().GetResult();
            return new RawClient(socket, timeout);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw new TimeoutException($"{target} did not accept a connection within {timeout.TotalSeconds} s.");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool Fill()
    {
        if (_start == _end) _start = _end = 0;
        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        if (!_socket.Poll(Timeout, SelectMode.SelectRead))
            throw new TimeoutException($"Nothing came for {Timeout.TotalSeconds} s; until then: {Show()}");
        var count = _socket.Receive(_buffer.AsSpan(_end));
        _end += count;
        return count > 0;
    }

    private byte[] Take(int count)
    {
        var bytes = _buffer.AsSpan(_start, count).ToArray();
        _start += count;
        return bytes;
    }

    private string Show()
    {
        var bytes = _buffer.AsSpan(_start, Math.Min(_end - _start, 400));
        return $"{_end - _start} bytes \"{Encoding.Latin1.GetString(bytes)}\"";
    }
}
