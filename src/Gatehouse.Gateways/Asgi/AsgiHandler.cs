using System.Text;
using Gatehouse.Gateways.Python;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.WebSocket;

namespace Gatehouse.Gateways.Asgi;

/// <summary>Answers requests and WebSockets with an ASGI application.</summary>
internal sealed class AsgiHandler(PythonPool pool, AsgiConfig config) : PythonHandler(pool)
{
    private readonly byte[] _strip = Encoding.UTF8.GetBytes(config.Strip ?? "");

    /// <inheritdoc/>
    protected override void WriteRequest(PythonRequest request, Exchange exchange, RequestBody? body) =>
        AsgiScope.Write(request, exchange, _strip, IsWebSocket(exchange.Request));

    /// <inheritdoc/>
    protected override async ValueTask<bool> TakeOwnAsync(PythonRequest request, Exchange exchange, AnswerPart part)
    {
        if (part.Kind != AnswerKind.Accept || !IsWebSocket(exchange.Request))
            return false;
        exchange.Request.Headers.TryGet("sec-websocket-key"u8, out var key);
        var accept = new byte[WebSocketHandshake.AcceptLength];
        WebSocketHandshake.WriteAccept(key, accept);
        if (!AnswerHead.TryRead(part.Head.Span, exchange.Response, out var fault))
        {
            exchange.Notes.Failure = fault;
            exchange.Response.Reset();
            exchange.Response.Status = 500;
            return true;
        }
        exchange.Response.Status = 101;
        exchange.Response.ContentLength = -1;
        exchange.Response.Headers.Set(KnownHeader.Upgrade, "websocket"u8);
        exchange.Response.Headers.Set("Sec-WebSocket-Accept"u8, accept);
        request.Release();
        await AsgiWebSocket.RunAsync(Pool, request, await exchange.UpgradeAsync(), config);
        return true;
    }

    // RFC 6455 section 4.2.1; what asks for another version or has no key is an ordinary request.
    private static bool IsWebSocket(Request request) =>
        request.AsksUpgrade
        && request.Headers.TryGet(KnownHeader.Upgrade, out var protocol) && System.Text.Ascii.EqualsIgnoreCase(protocol, "websocket"u8)
        && request.Headers.TryGet("sec-websocket-version"u8, out var version) && version.SequenceEqual("13"u8)
        && request.Headers.TryGet("sec-websocket-key"u8, out var key) && WebSocketHandshake.IsKey(key);
}
