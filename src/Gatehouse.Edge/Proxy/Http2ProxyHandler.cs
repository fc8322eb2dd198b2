using System.Runtime.CompilerServices;
using Gatehouse.Edge.Relay;
using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http2;
using Gatehouse.Http.Tasks;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Headers;
using Gatehouse.Upstreams;

namespace Gatehouse.Edge.Proxy;

/// <summary>
/// Forwards a request to a target that speaks HTTP/2 (gRPC): as <see cref="ProxyHandler"/>, but on a stream of a connection that other requests share. A
/// waiting client then holds no connection, so that bodies are streamed both ways and never collected; a request whose body has been begun is not repeated.
/// Where targets choose (ALPN) and one chooses HTTP/1.1, <paramref name="http1"/> takes the requests, from the first one on, which had not been sent yet.
/// </summary>
internal sealed class Http2ProxyHandler(Upstream upstream, ProxyRules rules, ProxyHandler? http1 = null) : IHandler
{
    // For so long requests go straight to the other handler; then it is asked again what the targets speak.
    private const long Http1Milliseconds = 60_000;

    private long _http1Until;

    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        if (http1 is not null && (exchange.Request.AsksUpgrade || Reactor.Current!.Now < Volatile.Read(ref _http1Until)))
            return http1.HandleAsync(exchange);
        if (exchange.Request.AsksUpgrade)
        {
            exchange.Notes.Failure = "a switch of protocols, which targets of HTTP/2 are not asked for";
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
        var isOther = false;
        var tries = new UpstreamTries(upstream, rules.Retry);
        while (tries.TryBegin(exchange))
        {
            var target = tries.Target;
            Http2ClientStream? stream = null;
            Http2ProxyUpload? upload = null;
            try
            {
                stream = target.Http2PoolOn(reactor).Open();
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
                if (tries.MustRepeat(exchange, stream.Response.Status, canRepeat: upload is null))
                    continue;
                exchange.Response.Status = stream.Response.Status;
                exchange.Response.ContentLength = stream.Response.ContentLength;
                CopyFields(stream.Response.Fields, exchange.Response.Headers);
                await RelayAsync(exchange, stream);
                return;
            }
            catch (ClientException failure) when (failure.Fault == ClientFault.OtherProtocol && http1 is not null)
            {
                Volatile.Write(ref _http1Until, reactor.Now + Http1Milliseconds);
                tries.Withdraw(exchange);
                isOther = true;
                break;
            }
            catch (ClientException failure)
            {
                if (!tries.MayRepeat(exchange, failure, upload?.Fault, canRepeat: upload is null))
                    return;
            }
            finally
            {
                stream?.Release();
                tries.End(exchange);
            }
        }
        if (isOther)
            await http1!.HandleAsync(exchange);
    }

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
