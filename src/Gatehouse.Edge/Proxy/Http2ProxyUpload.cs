using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http2;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Edge.Proxy;

/// <summary>Streams a request's body, and the fields behind it, to a target of HTTP/2 while the response may already be coming.</summary>
internal sealed class Http2ProxyUpload(Exchange exchange, Http2ClientStream stream)
{
    /// <summary>What was wrong with the client's body: then the stream was given up, which ends the reading of the response.</summary>
    public BadRequestException? Fault { get; private set; }

    /// <summary>Starts streaming; goes on by itself beside the reading of the response, and ends when the body, the stream or the exchange does.</summary>
    public void Start() => _ = StreamAsync();

    private async Task StreamAsync()
    {
        var buffers = Reactor.Current!.Buffers;
        var buffer = buffers.Rent();
        var generation = stream.Generation;
        try
        {
            while (stream.Generation == generation)
            {
                var count = await exchange.ReadAsync(buffer);
                if (stream.Generation != generation)
                    return;
                if (count == 0)
                {
                    await stream.WriteAsync(default, isLast: true, exchange.Request.Trailers);
                    return;
                }
                await stream.WriteAsync(buffer.AsMemory(0, count), isLast: false);
            }
        }
        catch (BadRequestException exception)
        {
            if (stream.Generation != generation)
                return;
            Fault = exception;
            stream.OnClientAborted();
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
}
