using Gatehouse.Net.Buffers;
namespace Gatehouse.Http.Server.Http1;

/// <summary>Writes the complete answer to a request that is refused before any handler sees it.</summary>
internal static class Http1Refusal
{
    public static void Write(OutputBuffer output, int status, ReadOnlySpan<byte> dateLine)
    {
        var page = ErrorPage.Of(status);
        var destination = output.Reserve(256);
        var at = 0;
        Protocols.Http1.Http1Writer.TryStatusLine(destination, ref at, status);
        output.Commit(at);
        output.Append("Server: gatehouse\r\n"u8);
        output.Append(dateLine);
        output.Append("Content-Type: text/html; charset=utf-8\r\nContent-Length: "u8);
        destination = output.Reserve(32);
        System.Buffers.Text.Utf8Formatter.TryFormat(page.Length, destination, out var digits);
        output.Commit(digits);
        output.Append("\r\nConnection: close\r\n\r\n"u8);
        output.Append(page);
    }
}
