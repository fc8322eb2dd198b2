using System.Runtime.CompilerServices;
using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Http.Tasks;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Edge.Relay;

/// <summary>
/// Relays a response's body as it comes: what was read goes out at once, so that server-sent events pass without delay. No buffer is held while the target
/// is silent. When the client does not keep up, a <see cref="RelaySpool"/> takes over.
/// </summary>
public static class ResponseRelay
{
    /// <summary>
    /// Completes when the target has sent its whole response: with null when the client has it too, else with what still has to be sent, which
    /// <see cref="RelaySpool.FinishAsync"/> does without the source.
    /// </summary>
    /// <exception cref="ClientException">The response broke off.</exception>
    /// <exception cref="BadRequestException">The client went away.</exception>
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    public static async ValueTask<RelaySpool?> RelayAsync(Exchange exchange, IResponseSource source, Buffering buffering)
    {
        var buffers = Reactor.Current!.Buffers;
        byte[]? buffer = null;
        try
        {
            while (true)
            {
                if (buffer is not null || !source.TryTakeFirst(out buffer, out var part))
                {
                    if (buffer is { Length: < BufferPool.LargeSize })
                    {
                        buffers.Return(buffer);
                        buffer = null;
                    }
                    buffer ??= buffers.RentLarge();
                    var count = source.TryReadBody(buffer);
                    if (count < 0)
                    {
                        buffers.Return(buffer);
                        buffer = null;
                        if (!exchange.Response.HasStarted)
                            await exchange.WriteAsync(default);
                        await source.WaitForBodyAsync();
                        continue;
                    }
                    part = buffer.AsMemory(0, count);
                }
                var isLast = source.IsBodyComplete && source.Trailers is null;
                if (part.IsEmpty && !isLast)
                    CopyTrailers(exchange, source);
                var write = isLast || part.IsEmpty ? exchange.SendAsync(part) : exchange.WriteAsync(part);
                if (isLast || part.IsEmpty)
                {
                    await write;
                    return null;
                }
                if (write.IsCompleted || !buffering.IsOn)
                {
                    await write;
                    continue;
                }
                var spool = new RelaySpool(exchange, source, buffering);
                var held = buffer;
                buffer = null;
                await spool.CollectAsync(write, held);
                return spool;
            }
        }
        finally
        {
            if (buffer is not null)
                buffers.Return(buffer);
        }
    }

    /// <summary>Takes over the fields behind a chunked body (RFC 9110 section 6.5).</summary>
    internal static void CopyTrailers(Exchange exchange, IResponseSource source)
    {
        if (source.Trailers is not { } trailers)
            return;
        for (var i = 0; i < trailers.Count; i++)
            exchange.Response.Trailers.Add(trailers[i]);
    }
}
