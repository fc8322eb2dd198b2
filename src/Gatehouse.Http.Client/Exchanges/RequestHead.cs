using System.Buffers;
using System.Globalization;
using System.Text;
using Gatehouse.Http.Urls;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Client.Exchanges;

/// <summary>Writes the head of a request (RFC 9112 section 3). Names and values come from lists that check them, URLs are encoded already.</summary>
internal static class RequestHead
{
    private const string UserAgent = "gatehouse/0.1";

    /// <summary>Writes a request's head.</summary>
    /// <param name="hop">The request.</param>
    /// <param name="proxy">The proxy that it is sent to and that makes it (absolute-form), or null (origin-form).</param>
    /// <param name="options">The requester's options.</param>
    /// <param name="output">Takes the head.</param>
    public static void Write(Hop hop, Url? proxy, RequesterOptions options, ArrayBufferWriter<byte> output)
    {
        var url = hop.Url;
        // request-line = method SP request-target SP HTTP-version
        var origin = proxy is null ? "" : $"{url.Scheme}://{url.Authority}";
        Text(output, $"{hop.Method} {origin}{url.PathAndQuery} HTTP/1.1\r\n");
        // RFC 9110 section 7.2: Host should be the first field.
        if (!hop.Headers.TryGet(KnownHeader.Host, out var host))
            host = Encoding.ASCII.GetBytes(url.Authority);
        Field(output, "Host"u8, host);
        for (var i = 0; i < hop.Headers.Count; i++)
        {
            var field = hop.Headers[i];
            if (field.Known is not (KnownHeader.Host or KnownHeader.ContentLength or KnownHeader.TransferEncoding or KnownHeader.Expect))
                Field(output, field.Name, field.Value);
        }
        WriteDefaults(hop, options, output);
        if (proxy is not null)
            WriteCredentials(output, "Proxy-Authorization"u8, proxy);
        WriteBodyFields(hop, output);
        output.Write("\r\n"u8);
    }

    /// <summary>Writes the head that asks a proxy for a tunnel to the URL's host (RFC 9110 section 9.3.6); the port is always named there.</summary>
    public static void WriteConnect(Url url, Url proxy, ArrayBufferWriter<byte> output)
    {
        var authority = $"{url.Host}:{url.EffectivePort}";
        Text(output, $"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: {UserAgent}\r\n");
        WriteCredentials(output, "Proxy-Authorization"u8, proxy);
        output.Write("\r\n"u8);
    }

    private static void WriteDefaults(Hop hop, RequesterOptions options, ArrayBufferWriter<byte> output)
    {
        var headers = hop.Headers;
        if (!headers.Contains(KnownHeader.UserAgent))
            Text(output, $"User-Agent: {UserAgent}\r\n");
        if (!headers.Contains(KnownHeader.Accept))
            output.Write("Accept: */*\r\n"u8);
        if (options.Decodes && !headers.Contains(KnownHeader.AcceptEncoding))
            output.Write("Accept-Encoding: gzip, deflate, br, zstd\r\n"u8);
        if (!headers.Contains(KnownHeader.Authorization))
            WriteCredentials(output, "Authorization"u8, hop.Url);
        if (options.Cookies is not { } jar || headers.Contains(KnownHeader.Cookie))
            return;
        var cookies = new ArrayBufferWriter<byte>();
        if (jar.Write(Encoding.ASCII.GetBytes(hop.Url.Host!), Encoding.ASCII.GetBytes(hop.Url.Path), isSecure: hop.Url.Scheme == "https", cookies) > 0)
            Field(output, "Cookie"u8, cookies.WrittenSpan);
    }

    private static void WriteBodyFields(Hop hop, ArrayBufferWriter<byte> output)
    {
        if (hop.Body is not { } body)
        {
            // RFC 9110 section 8.6: where the method anticipates content, the length is told even when it is none.
            if (hop.Kind is Method.Post or Method.Put or Method.Patch)
                output.Write("Content-Length: 0\r\n"u8);
            return;
        }
        if (body.Length is { } length)
            Text(output, string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n"));
        else
            output.Write("Transfer-Encoding: chunked\r\n"u8);
        if (hop.ExpectsContinue)
            output.Write("Expect: 100-continue\r\n"u8);
    }

    // RFC 7617: user-id ":" password in Base64. The URL has them percent-encoded.
    private static void WriteCredentials(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> name, Url url)
    {
        if (url.UserName.Length == 0 && url.Password.Length == 0)
            return;
        byte[] pair = [.. Decoded(url.UserName), (byte)':', .. Decoded(url.Password)];
        Field(output, name, Encoding.ASCII.GetBytes($"Basic {Convert.ToBase64String(pair)}"));
    }

    private static byte[] Decoded(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes[..PercentEncoding.Decode(bytes, bytes)];
    }

    private static void Field(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        output.Write(name);
        output.Write(": "u8);
        output.Write(value);
        output.Write("\r\n"u8);
    }

    private static void Text(ArrayBufferWriter<byte> output, string text) => Encoding.ASCII.GetBytes(text, output);
}
