using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Edge.Proxy;

/// <summary>Streams a request's body to a target while the response may already be coming: what a route with <c>buffer: off</c>, gRPC and uploads need.</summary>
internal sealed class ProxyRequestBody(Exchange exchange, Http1ClientConnection connection)
{
    // Room in front of the data for a chunk's head, and behind it for its CRLF.
    private const int HeadRoom = 18;

    /// <summary>What was wrong with the client's body: then the target's connection was closed, which ends the reading of the response.</summary>
    public BadRequestException? Fault { get; private set; }

    /// <summary>Starts streaming; goes on by itself beside the reading of the response, and ends when the body, the connection or the exchange does.</summary>
    public void Start()
    {
        connection.IsRequestOpen = true;
        _ = StreamAsync();
    }

    private async Task StreamAsync()
    {
        var isChunked = exchange.Request.ContentLength < 0;
        var buffers = Reactor.Current!.Buffers;
        var buffer = buffers.Rent();
        var generation = connection.Generation;
        try
        {
            // The target may have something to say to the head alone.
            await connection.FlushAsync();
            while (connection.Generation == generation)
            {
                var count = await exchange.ReadAsync(buffer.AsMemory(HeadRoom, buffer.Length - HeadRoom - 2));
                if (connection.Generation != generation)
                    return;
                connection.Output.Attach(isChunked ? Frame(buffer, count) : buffer.AsMemory(HeadRoom, count));
                if (count > 0 || isChunked)
                    await connection.FlushAsync();
                if (connection.Generation != generation)
                    return;
                if (count > 0)
                    continue;
                connection.IsRequestOpen = false;
                return;
            }
        }
        catch (BadRequestException exception)
        {
            if (connection.Generation != generation)
                return;
            Fault = exception;
            connection.Dispose();
        }
        catch (ClientException)
        {
            // The reading side meets the same fault and reports it.
        }
        finally
        {
            buffers.Return(buffer);
        }
    }

    private static ReadOnlyMemory<byte> Frame(byte[] buffer, int count)
    {
        if (count == 0)
        {
            Http1Writer.LastChunk.CopyTo(buffer);
            return buffer.AsMemory(0, Http1Writer.LastChunk.Length);
        }
        Span<byte> head = stackalloc byte[HeadRoom];
        var length = 0;
        Http1Writer.TryChunkHead(head, ref length, count);
        head[..length].CopyTo(buffer.AsSpan(HeadRoom - length));
        Http1Writer.LineEnd.CopyTo(buffer.AsSpan(HeadRoom + count));
        return buffer.AsMemory(HeadRoom - length, length + count + 2);
    }
}
