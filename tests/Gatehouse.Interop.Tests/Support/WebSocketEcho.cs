using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Interop.Tests.Support;

/// <summary>A WebSocket server on .NET's own implementation that sends every message back.</summary>
public static class WebSocketEcho
{
    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 section 1.3

    /// <summary>Starts it.</summary>
    public static ScriptedUpstream Start() => new(Serve);

    /// <summary>Receives one whole message.</summary>
    public static async Task<byte[]> ReceiveAsync(WebSocket socket, CancellationToken cancellation)
    {
        using var message = new MemoryStream();
        var buffer = new byte[32 * 1024];
        while (true)
        {
            var result = await socket.ReceiveAsync(buffer, cancellation);
            if (result.MessageType == WebSocketMessageType.Close) throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
            message.Write(buffer, 0, result.Count);
            if (result.EndOfMessage) return message.ToArray();
        }
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 section 4.2.2 asks for SHA-1; nothing is kept secret by it.")]
    private static void Serve(UpstreamConnection connection)
    {
        var request = connection.ReadHead();
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(request["Sec-WebSocket-Key"] + Magic)));
        var protocol = request["Sec-WebSocket-Protocol"] is { } wanted ? $"Sec-WebSocket-Protocol: {wanted}\r\n" : "";
        connection.Send($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{protocol}\r\n");
        using var stream = new NetworkStream(connection.Socket);
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        try
        {
            EchoAsync(socket).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is WebSocketException or IOException)
        {
            // The client went without a close frame.
        }
    }

    private static async Task EchoAsync(WebSocket socket)
    {
        var buffer = new byte[32 * 1024];
        while (true)
        {
            var result = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                return;
            }
            await socket.SendAsync(buffer.AsMemory(0, result.Count), result.MessageType, result.EndOfMessage, CancellationToken.None);
        }
    }
}
