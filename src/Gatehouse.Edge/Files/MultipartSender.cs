using Gatehouse.Http;
using Gatehouse.Http.Conditional;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Files;

/// <summary>Answers with several ranges of one file as multipart/byteranges (RFC 9110 section 14.6).</summary>
internal static class MultipartSender
{
    public static async ValueTask SendAsync(Exchange exchange, FileEntry file, ByteRange[] ranges)
    {
        var frame = new MultipartRanges(file.ContentType, file.Facts.Length, Random.Shared);
        var head = new byte[frame.MaxHeadLength];
        exchange.Response.Headers.Add(KnownHeader.ContentType, head.AsSpan(0, frame.WriteContentType(head)));
        exchange.Response.ContentLength = frame.TotalLength(ranges);
        file.Hold();
        try
        {
            for (var i = 0; i < ranges.Length; i++)
            {
                await exchange.WriteAsync(head.AsMemory(0, frame.WritePartHead(ranges[i], i == 0, head)));
                await FileSender.WritePart(exchange, file, ranges[i]);
            }
            await exchange.SendAsync(head.AsMemory(0, frame.WriteEnd(head)));
        }
        finally
        {
            file.Release();
        }
    }
}
