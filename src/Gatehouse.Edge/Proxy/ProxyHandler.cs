using System.Runtime.CompilerServices;
using Gatehouse.Edge.Relay;
using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Http.Tasks;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.ProxyProtocol;
using Gatehouse.Upstreams;

namespace Gatehouse.Edge.Proxy;

/// <summary>
/// Forwards a request to a target of its upstream and the answer back, streaming both ways. The steps:
/// <list type="number">
/// <item>collect the request's body, where the route buffers it;</item>
/// <item>choose a target that was not tried yet;</item>
/// <item>take a connection at rest, or make one;</item>
/// <item>send the request's head and body;</item>
/// <item>read the response's head; a failure until here may be repeated on another target;</item>
/// <item>send the head on, and switch to raw bytes after a 101, or relay the body;</item>
/// <item>give the connection back.</item>
/// </list>
/// The tempting way, to stream the body while choosing, is wrong: a body that is gone cannot be sent to a second target.
/// </summary>
internal sealed class ProxyHandler(Upstream upstream, ProxyRules rules) : IHandler
{
    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange) =>
        exchange.Request.HasBody && rules.Buffering.IsOn ? CollectAndForwardAsync(exchange) : ForwardAsync(exchange, body: null);

    // 1. The body.
    private async ValueTask CollectAndForwardAsync(Exchange exchange)
    {
        using var body = await CollectedBody.ReadAsync(exchange, rules.Buffering);
        await ForwardAsync(exchange, body);
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private async ValueTask ForwardAsync(Exchange exchange, CollectedBody? body)
    {
        var reactor = Reactor.Current!;
        var started = reactor.Timestamp;
        var canRepeat = body is not null || !exchange.Request.HasBody;
        var tries = new UpstreamTries(upstream, rules.Retry);

        // 2. A target.
        while (tries.TryBegin(exchange))
        {
            var target = tries.Target;
            Http1ClientConnection? connection = null;
            ProxyRequestBody? upload = null;
            try
            {
                // 3. A connection.
                var pool = target.PoolOn(reactor);
                connection = target.ProxyProtocol != ProxyProtocolVersion.None
                    ? await pool.ConnectAsync(ProxyHeaderWriter.Write(target.ProxyProtocol, exchange.Request.Client, exchange.LocalEndpoint))
                    : (tries.IsAgain ? null : pool.TryRent()) ?? await pool.ConnectAsync();
                exchange.AbortObserver = connection;

                // 4. The request.
                connection.Begin(exchange.Request.Method);
                ProxyRequestHead.Write(connection.Output, exchange, rules, target.Authority, body?.Length ?? exchange.Request.ContentLength);
                if (body is not null)
                    ProxyCollectedBody.Start(connection, body);
                else if (exchange.Request.HasBody)
                    (upload = new ProxyRequestBody(exchange, connection)).Start();
                else
                    await connection.FlushAsync();

                // 5. The response's head.
                await connection.ReadHeadAsync();
                while (connection.Response.IsInterim)
                {
                    await ProxyResponseHead.PassInterimAsync(exchange, connection);
                    connection.NextHead(exchange.Request.Method);
                    await connection.ReadHeadAsync();
                }
                if (connection.Response.IsTunnel && !exchange.Request.AsksUpgrade)
                    throw new ClientException(ClientFault.BadResponse, $"{target.Name} switched protocols, which nobody had asked for");
                exchange.Notes.UpstreamTicks = reactor.Timestamp - started;
                exchange.Notes.UpstreamStatus = connection.Response.Status;
                if (tries.MustRepeat(exchange, connection.Response.Status, canRepeat))
                    continue;

                // 6. The answer.
                ProxyResponseHead.Copy(connection, exchange);
                if (connection.Response.IsTunnel)
                {
                    await ProxyTunnel.RunAsync(exchange, connection, rules.TunnelIdle);
                }
                else if (connection.TryTakeWhole(out var whole))
                {
                    // Without a body the length is not that of nothing: it is what a HEAD or a 304 tells, or is not told.
                    await (whole.IsEmpty ? exchange.CompleteAsync() : exchange.SendAsync(whole));
                }
                else if (await ResponseRelay.RelayAsync(exchange, connection, rules.Buffering) is { } spool)
                {
                    // 7. The target has done its part, and the client has not: it gets the rest from what was collected.
                    connection.Release();
                    connection = null;
                    tries.End(exchange);
                    await spool.FinishAsync();
                }
                return;
            }
            catch (ClientException failure)
            {
                if (!tries.MayRepeat(exchange, failure, upload?.Fault, canRepeat, connection is { IsReused: true }))
                    return;
            }
            finally
            {
                // 7. The connection.
                connection?.Release();
                tries.End(exchange);
            }
        }
    }
}
