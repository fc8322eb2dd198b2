using System.Text;

namespace Gatehouse.Interop.Tests.Support;

/// <summary>Answers that upstreams of the tests give, as bytes.</summary>
public static class Answer
{
    /// <summary>A 200 with this text.</summary>
    public static byte[] Ok(string text, params string[] fields) => Of(200, Encoding.Latin1.GetBytes(text), fields);

    /// <summary>An answer with a Content-Length.</summary>
    public static byte[] Of(int status, ReadOnlySpan<byte> body, params string[] fields)
    {
        var head = new StringBuilder($"HTTP/1.1 {status} X\r\n");
        foreach (var field in fields) head.Append(field).Append("\r\n");
        head.Append("Content-Length: ").Append(body.Length).Append("\r\n\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. body];
    }

    /// <summary>An answer in chunks of <paramref name="size"/> bytes, with trailers.</summary>
    public static byte[] Chunked(ReadOnlySpan<byte> body, int size, params string[] trailers)
    {
        using var stream = new MemoryStream();
        stream.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8);
        while (body.Length > 0)
        {
            var count = Math.Min(size, body.Length);
            stream.Write(Encoding.ASCII.GetBytes($"{count:x}\r\n"));
            stream.Write(body[..count]);
            stream.Write("\r\n"u8);
            body = body[count..];
        }
        stream.Write("0\r\n"u8);
        foreach (var trailer in trailers) stream.Write(Encoding.ASCII.GetBytes(trailer + "\r\n"));
        stream.Write("\r\n"u8);
        return stream.ToArray();
    }

    /// <summary>The head of the request as the answer's text: what a test looks into to see what arrived.</summary>
    public static byte[] Head(UpstreamRequest request) => Ok(request.Head);
}
