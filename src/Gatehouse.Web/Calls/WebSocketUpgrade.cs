using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>Switches a request to WebSocket (RFC 6455 section 4.2).</summary>
internal static class WebSocketUpgrade
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    /// <summary>Switches.</summary>
    /// <exception cref="BadRequestException">The request does not ask for it (426), is malformed (400), or comes from a page of another site (403).</exception>
    public static async ValueTask<WebSocket> AcceptAsync(Call call, string? protocol)
    {
        var headers = call.Request.Headers;
        if (!call.Request.AsksUpgrade || !headers.TryGet(KnownHeader.Upgrade, out var upgrade) || !Ascii.EqualsIgnoreCase(upgrade, "websocket"u8))
            throw new BadRequestException(426, "Expected a WebSocket handshake (RFC 6455).");
        if (!headers.TryGet(KnownHeader.SecWebSocketVersion, out var version) || !version.SequenceEqual("13"u8))
            throw new BadRequestException(426, "Expected Sec-WebSocket-Version 13.");
        if (!headers.TryGet(KnownHeader.SecWebSocketKey, out var key) || key.Length != 24)
            throw new BadRequestException("Expected a Sec-WebSocket-Key of 24 characters.");
        // Browsers let any page open a WebSocket and send cookies along: only where it comes from tells.
        if (Csrf.IsFromElsewhere(call))
            throw new BadRequestException(403, "The WebSocket is asked for by a page of another site.");
        call.Response.Status = 101;
        call.Response.Headers.Set(KnownHeader.Upgrade, "websocket"u8);
        call.Response.Headers.Set(KnownHeader.SecWebSocketAccept, Accept(key));
        if (protocol is not null)
            call.Response.Headers.Set(KnownHeader.SecWebSocketProtocol, Encoding.ASCII.GetBytes(protocol));
        var duplex = await call.Exchange.UpgradeAsync();
        return WebSocket.CreateFromStream(new DuplexStream(duplex), new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = KeepAlive, KeepAliveTimeout = KeepAlive, SubProtocol = protocol });
    }

    // The algorithm is the protocol's own, and protects nothing.
#pragma warning disable CA5350
    private static byte[] Accept(ReadOnlySpan<byte> key) =>
        Encoding.ASCII.GetBytes(Convert.ToBase64String(SHA1.HashData([.. key, .. "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8])));
#pragma warning restore CA5350
}
