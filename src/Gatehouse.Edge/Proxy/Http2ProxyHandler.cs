using System.Runtime.CompilerServices;
using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http2;
using Gatehouse.Http.Tasks;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Headers;
using Gatehouse.Upstreams;

namespace Gatehouse.Edge.Proxy;

/// <summary>
/// Forwards a request to a target that speaks HTTP/2 without TLS (gRPC): as <see cref="ProxyHandler"/>, but on a stream of a connection that other requests
/// share. A waiting client then holds no connection, so that bodies are streamed both ways and never collected; a request whose body has been begun is not
/// repeated.
/// </summary>
internal sealed class Http2ProxyHandler(Upstream upstream, ProxyRules rules) : IHandler
{
    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        if (exchange.Request.AsksUpgrade)
        {
            exchange.Notes.Failure = "a switch of protocols, which targets of h2c are not asked for";
            exchange.Response.Status = 501;
            return default;
        }
        return ForwardAsync(exchange);
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private async ValueTask ForwardAsync(Exchange exchange)
    {
        var reactor = Reactor.Current!;
        var started = reactor.Timestamp;
        var tried = 0UL;
        for (var tries = 1; ; tries++)
        {
            if (upstream.Choose(ref tried) is not { } target)
            {
                exchange.Notes.Failure ??= "no target is left to try";
                exchange.Response.Status = 503;
                return;
            }
            exchange.Notes.Upstream = target.Name;
            exchange.Notes.UpstreamTries = tries;
            target.Begin();
            var failed = true;
            Http2ClientStream? stream = null;
            Http2ProxyUpload? upload = null;
            try
            {
                stream = target.PoolOn<Http2ConnectionPool>(reactor).Open();
                exchange.AbortObserver = stream;
                await stream.ReadyAsync();
                Http2ProxyRequestHead.Write(stream, exchange, rules, target.Authority);
                if (exchange.Request.HasBody)
                    (upload = new Http2ProxyUpload(exchange, stream)).Start();
                await stream.ReadHeadAsync();
                while (stream.Response.IsInterim)
                {
                    await PassInterimAsync(exchange, stream);
                    stream.NextHead();
                    await stream.ReadHeadAsync();
                }
                exchange.Notes.UpstreamTicks = reactor.Timestamp - started;
                exchange.Notes.UpstreamStatus = stream.Response.Status;
                failed = rules.Retry.Allows(stream.Response.Status, exchange.Request.Method);
                if (failed && upload is null && MayRetry(exchange, tries, tried))
                    continue;
                exchange.Response.Status = stream.Response.Status;
                exchange.Response.ContentLength = stream.Response.ContentLength;
                CopyFields(stream.Response.Fields, exchange.Response.Headers);
                await RelayAsync(exchange, stream);
                return;
            }
            catch (ClientException failure)
            {
                failed = !exchange.IsAborted && upload?.Fault is null;
                if (upload?.Fault is { } fault)
                    throw fault;
                if (!failed)
                    throw new BadRequestException(499, "the client went away while its request was forwarded");
                exchange.Notes.Failure = failure.Message;
                if (exchange.Response.HasStarted)
                {
                    exchange.Abort();
                    return;
                }
                // A connection that leaves (GOAWAY) says nothing of its target: the same may take the request on the next one.
                if (failure.Fault == ClientFault.Refused)
                    tried = 0;
                if (upload is null && rules.Retry.Allows(failure, exchange.Request.Method) && MayRetry(exchange, tries, tried))
                    continue;
                exchange.Response.Reset();
                exchange.Response.Status = failure.GatewayStatus;
                return;
            }
            finally
            {
                exchange.AbortObserver = null;
                stream?.Release();
                upstream.End(target, failed);
            }
        }
    }

    private bool MayRetry(Exchange exchange, int tries, ulong tried) => tries < rules.Retry.Tries && !exchange.IsExpired && upstream.HasUntried(tried);

    // What has come goes out at once; no buffer is held while the target is silent.
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private static async ValueTask RelayAsync(Exchange exchange, Http2ClientStream stream)
    {
        var buffers = Reactor.Current!.Buffers;
        while (true)
        {
            var buffer = buffers.Rent();
            try
            {
                int count;
                while ((count = stream.TryReadBody(buffer)) > 0)
                {
                    if (stream.IsBodyComplete && stream.Trailers is null)
                    {
                        await exchange.SendAsync(buffer.AsMemory(0, count));
                        return;
                    }
                    await exchange.WriteAsync(buffer.AsMemory(0, count));
                }
                if (count == 0)
                {
                    if (stream.Trailers is { } trailers)
                        CopyFields(trailers, exchange.Response.Trailers);
                    await exchange.CompleteAsync();
                    return;
                }
            }
            finally
            {
                buffers.Return(buffer);
            }
            if (!exchange.Response.HasStarted)
                await exchange.WriteAsync(default);
            await stream.WaitForBodyAsync();
        }
    }

    // A 100 was answered by the driver itself.
    private static ValueTask PassInterimAsync(Exchange exchange, Http2ClientStream stream)
    {
        if (stream.Response.Status == 100)
            return default;
        var headers = new HeaderList();
        CopyFields(stream.Response.Fields, headers);
        return exchange.SendInterimAsync(stream.Response.Status, headers);
    }

    private static void CopyFields(HeaderTable from, HeaderList to)
    {
        for (var i = 0; i < from.Count; i++)
        {
            if (!HopByHop.IsAlways(from[i].Known) && from[i].Known != KnownHeader.ContentLength)
                to.Add(from[i]);
        }
    }
}
