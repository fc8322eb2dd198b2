using System.Buffers.Text;
using Gatehouse.Gateways.Python;
using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Gateways.Wsgi;

/// <summary>
/// Writes the environ of a request (PEP 3333, "environ Variables"): what differs from request to request; what is the same for all the worker adds. A value's
/// bytes become characters one for one.
/// </summary>
internal static class WsgiEnviron
{
    // HTTP_ names of the known fields, in the form of a message.
    private static readonly byte[][] KnownNames = [.. Enum.GetValues<KnownHeader>().Select(MakeName)];

    /// <summary>Writes the dictionary.</summary>
    /// <param name="request">Whose message it goes into.</param>
    /// <param name="exchange">The client's request.</param>
    /// <param name="strip">The prefix that becomes SCRIPT_NAME.</param>
    /// <param name="bodyLength">Bytes of the body, 0 for none, -1 when they are not known.</param>
    public static void Write(PythonRequest request, Exchange exchange, ReadOnlySpan<byte> strip, long bodyLength)
    {
        var message = request.Message;
        var from = exchange.Request;
        message.Dictionary();
        message.ShortAscii("REQUEST_METHOD"u8);
        message.Latin1(from.MethodName);
        request.Method = (message.Written.Length - from.MethodName.Length, from.MethodName.Length);
        WritePath(request, exchange, strip);
        message.ShortAscii("QUERY_STRING"u8);
        message.Latin1(from.Query);
        message.ShortAscii("RAW_URI"u8);
        message.Latin1(from.Target);
        if (from.Version != HttpVersion.Http11)
        {
            message.ShortAscii("SERVER_PROTOCOL"u8);
            message.ShortAscii(from.Version == HttpVersion.Http10 ? "HTTP/1.0"u8 : "HTTP/2.0"u8);
        }
        if (from.IsSecure)
        {
            message.ShortAscii("wsgi.url_scheme"u8);
            message.ShortAscii("https"u8);
        }
        WriteEndpoint(message, "REMOTE_ADDR"u8, "REMOTE_PORT"u8, from.Client);
        WriteServer(message, exchange);
        if (bodyLength > 0 || from.Headers.Contains(KnownHeader.ContentLength))
        {
            message.ShortAscii("CONTENT_LENGTH"u8);
            WriteNumber(message, Math.Max(bodyLength, 0));
        }
        WriteFields(message, from.Headers);
        message.EndDictionary();
    }

    private static void WritePath(PythonRequest request, Exchange exchange, ReadOnlySpan<byte> strip)
    {
        var message = request.Message;
        var path = exchange.Request.Path;
        message.ShortAscii("PATH_INFO"u8);
        var isBelow = !strip.IsEmpty && path.StartsWith(strip) && (path.Length == strip.Length || path[strip.Length] == '/');
        var shown = isBelow ? path[strip.Length..] : path;
        message.Latin1(shown);
        var length = Math.Min(shown.Length, message.Written.Length - 2);
        request.Path = (message.Written.Length - length, length);
        if (!strip.IsEmpty && !isBelow)
        {
            message.ShortAscii("SCRIPT_NAME"u8);
            message.ShortAscii(default);
        }
    }

    private static void WriteEndpoint(MarshalWriter message, ReadOnlySpan<byte> addressName, ReadOnlySpan<byte> portName, in Endpoint endpoint)
    {
        Span<byte> text = stackalloc byte[64];
        if (endpoint.IsUnix || !endpoint.Address.TryFormat(text, out var written))
            written = 0;
        message.ShortAscii(addressName);
        message.ShortAscii(text[..written]);
        message.ShortAscii(portName);
        WriteNumber(message, endpoint.Port);
    }

    // Where there is no address (a Unix socket) the name that the client asked for stands in, which PEP 3333 wants not to be empty.
    private static void WriteServer(MarshalWriter message, Exchange exchange)
    {
        var local = exchange.LocalEndpoint;
        if (!local.IsUnix && !local.Address.IsNone)
        {
            WriteEndpoint(message, "SERVER_NAME"u8, "SERVER_PORT"u8, local);
            return;
        }
        message.ShortAscii("SERVER_NAME"u8);
        message.Latin1(exchange.Request.Host.IsEmpty ? "localhost"u8 : exchange.Request.Host);
        message.ShortAscii("SERVER_PORT"u8);
        message.ShortAscii(exchange.Request.IsSecure ? "443"u8 : "80"u8);
    }

    private static void WriteNumber(MarshalWriter message, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var written);
        message.ShortAscii(digits[..written]);
    }

    private static void WriteFields(MarshalWriter message, HeaderTable headers)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];

            // Proxy would become HTTP_PROXY, which programs take for a setting. A name with an underscore would pass for the one with a dash, which proxies in
            // front may have vouched for.
            if (field.Known is KnownHeader.ContentLength or KnownHeader.TransferEncoding || field.Name.Contains((byte)'_') || IsProxy(field.Name) || IsRepeated(headers, i))
                continue;
            if (field.Known != KnownHeader.None)
                message.Raw(KnownNames[(int)field.Known]);
            else
                WriteName(message, field.Name);
            WriteValue(message, headers, i);
        }
    }

    private static bool IsProxy(ReadOnlySpan<byte> name) => name.Length == 5 && System.Text.Ascii.EqualsIgnoreCase(name, "proxy"u8);

    // The values of a field that stands more than once are joined where it stands first.
    private static bool IsRepeated(HeaderTable headers, int index)
    {
        var field = headers[index];
        for (var i = 0; i < index; i++)
        {
            if (IsSame(headers[i], field))
                return true;
        }
        return false;
    }

    private static bool IsSame(HeaderField first, HeaderField second) =>
        first.Known == second.Known && (first.Known != KnownHeader.None || System.Text.Ascii.EqualsIgnoreCase(first.Name, second.Name));

    private static void WriteValue(MarshalWriter message, HeaderTable headers, int index)
    {
        var field = headers[index];
        var length = field.Value.Length;
        for (var i = index + 1; i < headers.Count; i++)
        {
            if (IsSame(headers[i], field))
                length += 2 + headers[i].Value.Length;
        }
        if (length == field.Value.Length)
        {
            message.Latin1(field.Value);
            return;
        }
        var joined = new byte[length];
        field.Value.CopyTo(joined);
        var at = field.Value.Length;
        for (var i = index + 1; i < headers.Count; i++)
        {
            if (!IsSame(headers[i], field))
                continue;
            (field.Known == KnownHeader.Cookie ? "; "u8 : ", "u8).CopyTo(joined.AsSpan(at));
            headers[i].Value.CopyTo(joined.AsSpan(at + 2));
            at += 2 + headers[i].Value.Length;
        }
        message.Latin1(joined);
    }

    private static void WriteName(MarshalWriter message, ReadOnlySpan<byte> name)
    {
        Span<byte> text = stackalloc byte[255];
        // A longer name is one that no application asks for.
        if (name.Length > 250)
            name = name[..250];
        "HTTP_"u8.CopyTo(text);
        for (var i = 0; i < name.Length; i++)
            text[5 + i] = name[i] == '-' ? (byte)'_' : (byte)char.ToUpperInvariant((char)name[i]);
        message.ShortAscii(text[..(5 + name.Length)]);
    }

    private static byte[] MakeName(KnownHeader header)
    {
        var writer = new MarshalWriter();
        if (header == KnownHeader.ContentType)
            writer.ShortAscii("CONTENT_TYPE"u8);
        else if (header != KnownHeader.None)
            WriteName(writer, KnownHeaders.Name(header));
        return writer.Written.ToArray();
    }
}
