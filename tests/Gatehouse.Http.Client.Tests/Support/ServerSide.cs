using System.Net.Sockets;
using System.Text;
using Gatehouse.Net.Transports;

namespace Gatehouse.Http.Client.Tests.Support;

/// <summary>The server's end of a connection, as bytes; texts are Latin-1. Code that shares nothing with the codec under test.</summary>
internal sealed class ServerSide(Stream stream, Socket? socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private byte[] _received = [];

    /// <summary>Which connection of the server this is, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The stream itself.</summary>
    public Stream Stream => stream;

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public Task SendAsync(byte[] bytes) => stream.WriteAsync(bytes).AsTask();

    /// <summary>Reads up to and with the empty line behind a head.</summary>
    public Task<string> ReadHeadAsync() => ReadThroughAsync("\r\n\r\n");

    /// <summary>Reads a head and the body that its Content-Length tells of.</summary>
    public async Task<(string Head, string Body)> ReadRequestAsync()
    {
        var head = await ReadHeadAsync();
        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        if (length is not null)
            return (head, await ReadAsync(int.Parse(length.AsSpan(16), provider: null)));
        return (head, head.Contains("\r\nTransfer-Encoding: chunked\r\n", StringComparison.OrdinalIgnoreCase) ? await ReadThroughAsync("0\r\n\r\n") : "");
    }

    public async Task<string> ReadThroughAsync(string marker)
    {
        var bytes = Encoding.Latin1.GetBytes(marker);
        int at;
        while ((at = _received.AsSpan().IndexOf(bytes)) < 0)
        {
            if (!await FillAsync())
                throw new EndOfStreamException($"'{marker}' expected; the client ended after: {Encoding.Latin1.GetString(_received)}");
        }
        return Take(at + bytes.Length);
    }

    public async Task<string> ReadAsync(int count)
    {
        while (_received.Length < count)
        {
            if (!await FillAsync())
                throw new EndOfStreamException($"{count} bytes expected; the client ended after {_received.Length}.");
        }
        return Take(count);
    }

    /// <summary>Reads until the client ends or breaks the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        try
        {
            while (await FillAsync())
            {
            }
        }
        catch (IOException)
        {
            // Reset: an end as well.
        }
        return Take(_received.Length);
    }

    /// <summary>Ends this side.</summary>
    public void ShutdownWrite()
    {
        if (stream is TransportStream transport)
            transport.ShutdownWrite();
        else
            socket!.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Breaks the connection.</summary>
    public void Reset()
    {
        if (stream is TransportStream transport)
        {
            transport.Abort();
            return;
        }
        socket!.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public void Dispose() => stream.Dispose();

    private string Take(int count)
    {
        var text = Encoding.Latin1.GetString(_received, 0, count);
        _received = _received[count..];
        return text;
    }

    private async Task<bool> FillAsync()
    {
        using var limit = new CancellationTokenSource(ReactorExtensions.Limit);
        var count = await stream.ReadAsync(_buffer, limit.Token);
        _received = [.. _received, .. _buffer[..count]];
        return count > 0;
    }
}
