using Gatehouse.Gateways.Python;
using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Gateways.Asgi;

/// <summary>Writes the scope of a request (ASGI 3, "HTTP and WebSocket"): what the worker does not add itself.</summary>
internal static class AsgiScope
{
    /// <summary>Writes the dictionary.</summary>
    public static void Write(PythonRequest request, Exchange exchange, ReadOnlySpan<byte> strip, bool isWebSocket)
    {
        var message = request.Message;
        var from = exchange.Request;
        message.Dictionary();
        message.ShortAscii("type"u8);
        message.ShortAscii(isWebSocket ? "websocket"u8 : "http"u8);
        message.ShortAscii("http_version"u8);
        message.ShortAscii(from.Version == HttpVersion.Http10 ? "1.0"u8 : from.Version == HttpVersion.Http11 ? "1.1"u8 : "2"u8);
        message.ShortAscii("method"u8);
        message.Latin1(from.MethodName);
        request.Method = (message.Written.Length - from.MethodName.Length, from.MethodName.Length);
        message.ShortAscii("scheme"u8);
        message.ShortAscii(isWebSocket ? (from.IsSecure ? "wss"u8 : "ws"u8) : from.IsSecure ? "https"u8 : "http"u8);
        WritePath(request, from, strip);
        message.ShortAscii("raw_path"u8);
        message.Bytes(from.RawPath);
        message.ShortAscii("query_string"u8);
        message.Bytes(from.Query);
        WriteHeaders(message, from);
        WriteEndpoint(message, "client"u8, from.Client);
        WriteEndpoint(message, "server"u8, exchange.LocalEndpoint);
        if (isWebSocket)
            WriteProtocols(message, from);
        message.EndDictionary();
    }

    private static void WritePath(PythonRequest request, Request from, ReadOnlySpan<byte> strip)
    {
        var message = request.Message;
        var path = from.Path;
        var isBelow = !strip.IsEmpty && path.StartsWith(strip) && (path.Length == strip.Length || path[strip.Length] == '/');
        var shown = isBelow ? path[strip.Length..] : path;
        message.ShortAscii("path"u8);
        message.Utf8(shown);
        request.Path = (message.Written.Length - shown.Length, shown.Length);
        message.ShortAscii("root_path"u8);
        message.Utf8(isBelow ? strip : default);
    }

    // Names in lower case, as the specification has them.
    private static void WriteHeaders(MarshalWriter message, Request from)
    {
        Span<byte> lower = stackalloc byte[256];
        var headers = from.Headers;
        message.ShortAscii("headers"u8);
        message.Tuple(headers.Count);
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];
            message.Tuple(2);
            if (field.Name.Length > lower.Length || !System.Text.Ascii.IsValid(field.Name))
            {
                message.Bytes(field.Name);
            }
            else
            {
                System.Text.Ascii.ToLower(field.Name, lower, out var length);
                message.Bytes(lower[..length]);
            }
            message.Bytes(field.Value);
        }
    }

    private static void WriteEndpoint(MarshalWriter message, ReadOnlySpan<byte> name, in Endpoint endpoint)
    {
        Span<byte> text = stackalloc byte[64];
        message.ShortAscii(name);
        if (endpoint.IsUnix || endpoint.Address.IsNone || !endpoint.Address.TryFormat(text, out var written))
        {
            message.None();
            return;
        }
        message.Tuple(2);
        message.ShortAscii(text[..written]);
        message.Number(endpoint.Port);
    }

    private static void WriteProtocols(MarshalWriter message, Request from)
    {
        message.ShortAscii("subprotocols"u8);
        var list = from.Headers.TryGet("sec-websocket-protocol"u8, out var value) ? value : default;
        var count = 0;
        foreach (var part in list.Split((byte)','))
            count += list[part].Trim((byte)' ').IsEmpty ? 0 : 1;
        message.Tuple(count);
        foreach (var part in list.Split((byte)','))
        {
            var name = list[part].Trim((byte)' ');
            if (!name.IsEmpty)
                message.Latin1(name);
        }
    }
}
