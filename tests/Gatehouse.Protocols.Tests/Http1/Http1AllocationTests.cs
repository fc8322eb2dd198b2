using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Protocols.Tests.Http1;

public sealed class Http1AllocationTests
{
    private static readonly byte[] Request = Wire.Bytes(
        "POST http://example.com/a?b HTTP/1.1\r\nHost: example.com:80\r\nConnection: keep-alive, foo\r\nAccept: */*\r\nExpect: 100-continue\r\n" +
        "X-Other: 1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n");

    private static readonly byte[] Response = Wire.Bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX : y\r\nServer: a\r\nConnection: close\r\n\r\nhello");

    [Fact]
    public void Nothing_is_allocated_once_the_parsers_are_warm()
    {
        var request = new Http1RequestParser(Http1Limits.Default);
        var response = new Http1ResponseParser(Http1Limits.Default);
        var chunks = new Http1ChunkedDecoder(Http1Limits.Default);
        var to = new byte[512];
        ReadAndWrite(request, response, chunks, to);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            ReadAndWrite(request, response, chunks, to);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
    }

    private static void ReadAndWrite(Http1RequestParser request, Http1ResponseParser response, Http1ChunkedDecoder chunks, byte[] to)
    {
        request.Reset();
        var status = request.Parse(Request, 0, 40, out _);
        status |= request.Parse(Request, 0, Request.Length, out var headEnd);
        chunks.Reset();
        var done = ParseStatus.NeedMore;
        while (done == ParseStatus.NeedMore)
        {
            done = chunks.Decode(Request.AsSpan(headEnd), out var consumed, out _);
            headEnd += consumed;
        }
        response.Reset(Method.Get);
        var answered = response.Parse(Response, 0, Response.Length, out _);
        var at = 0;
        var fits = Http1Writer.TryStatusLine(to, ref at, 200) && Http1Writer.TryField(to, ref at, request.Headers[2])
            && Http1Writer.TryField(to, ref at, KnownHeader.ContentLength, 13) && Http1Writer.TryEnd(to, ref at) && Http1Writer.TryChunkHead(to, ref at, 4096);
        if (status != ParseStatus.Done || done != ParseStatus.Done || answered != ParseStatus.Done || !fits)
            throw new InvalidOperationException($"{request.Error} {chunks.Error} {response.Error}");
    }
}
