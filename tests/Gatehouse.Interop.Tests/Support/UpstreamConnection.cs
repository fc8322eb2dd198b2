using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Interop.Tests.Support;

/// <summary>One connection that a <see cref="ScriptedUpstream"/> has accepted: reads requests, sends whatever the script says.</summary>
public sealed class UpstreamConnection(Socket socket, int number) : IDisposable
{
    private readonly MemoryStream _received = new();
    private byte[] _pending = [];

    /// <summary>Which connection of the upstream it is, from 1.</summary>
    public int Number { get; } = number;

    /// <summary>The socket, for options.</summary>
    public Socket Socket => socket;

    /// <summary>Everything that has come in.</summary>
    public byte[] Received
    {
        get
        {
            lock (_received) return _received.ToArray();
        }
    }

    /// <summary>Reads one request with its body.</summary>
    /// <exception cref="EndOfStreamException">The peer ended the connection.</exception>
    public UpstreamRequest ReadRequest()
    {
        var request = ReadHead();
        if (!request.IsChunked) return request with { Body = Read(checked((int)request.ContentLength)) };
        var (body, trailers) = ReadChunked();
        return request with { Body = body, Trailers = trailers };
    }

    /// <summary>Reads the head of a request.</summary>
    public UpstreamRequest ReadHead() => new(ReadThrough("\r\n\r\n"), []);

    /// <summary>Reads up to and with <paramref name="marker"/>.</summary>
    public string ReadThrough(string marker)
    {
        var bytes = Encoding.Latin1.GetBytes(marker);
        int at;
        while ((at = _pending.AsSpan().IndexOf(bytes)) < 0) Fill();
        return Encoding.Latin1.GetString(Read(at + bytes.Length));
    }

    /// <summary>Reads exactly <paramref name="count"/> bytes.</summary>
    public byte[] Read(int count)
    {
        if (_pending.Length < count) FillTo(count);
        var taken = _pending[..count];
        _pending = _pending[count..];
        return taken;
    }

    /// <summary>Reads what comes next: at least one byte.</summary>
    public byte[] ReadSome()
    {
        if (_pending.Length == 0) Fill();
        var taken = _pending;
        _pending = [];
        return taken;
    }

    /// <summary>Reads until the peer ends the connection.</summary>
    public void ReadToEnd()
    {
        try
        {
            while (true) ReadSome();
        }
        catch (EndOfStreamException)
        {
        }
    }

    /// <summary>Sends text, each character as one byte.</summary>
    public void Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends bytes.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>Drops the connection with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => socket.Dispose();

    private (byte[] Body, string Trailers) ReadChunked()
    {
        using var body = new MemoryStream();
        while (true)
        {
            var size = int.Parse(ReadThrough("\r\n").Trim().Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (size == 0) break;
            body.Write(Read(size));
            if (ReadThrough("\r\n").Length != 2) throw new FormatException("A chunk is longer than its size.");
        }
        var trailers = new StringBuilder();
        while (ReadThrough("\r\n") is { Length: > 2 } line) trailers.Append(line);
        return (body.ToArray(), trailers.ToString());
    }

    private void Fill() => FillTo(_pending.Length + 1);

    private void FillTo(int count)
    {
        var grown = new MemoryStream();
        grown.Write(_pending);
        var buffer = new byte[64 * 1024];
        while (grown.Length < count)
        {
            var read = socket.Receive(buffer);
            if (read == 0) throw new EndOfStreamException();
            lock (_received) _received.Write(buffer, 0, read);
            grown.Write(buffer, 0, read);
        }
        _pending = grown.ToArray();
    }
}
