using Gatehouse.Protocols.Http1;

namespace Gatehouse.Protocols.Tests.Http1;

public sealed class Http1LimitTests
{
    private static readonly Http1Limits Small = new() { HeadBytes = 200, TargetBytes = 20, Fields = 3, ChunkExtensionBytes = 10, TrailerBytes = 40 };

    [Fact]
    public void A_target_of_the_limit_passes_and_one_more_byte_is_414()
    {
        Assert.Null(Wire.Requests($"GET /{new string('a', 19)} HTTP/1.1\r\nHost: h\r\n\r\n", Small).Error);
        Assert.Equal(414, Wire.Requests($"GET /{new string('a', 20)} HTTP/1.1\r\nHost: h\r\n\r\n", Small).Error?.Status);
    }

    [Fact]
    public void A_request_line_that_never_ends_is_414() =>
        Assert.Equal(414, Wire.Requests("GET /" + new string('a', 300), Small).Error?.Status);

    [Fact]
    public void A_request_line_that_never_ends_within_the_head_limit_is_431() =>
        Assert.Equal(431, Wire.Requests("GET /" + new string('a', 300), Small with { TargetBytes = 8000 }).Error?.Status);

    [Fact]
    public void A_head_of_the_limit_passes_and_one_more_byte_is_431()
    {
        const string Before = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
        var room = Small.HeadBytes - Before.Length - 4;

        Assert.Null(Wire.Requests($"{Before}{new string('a', room)}\r\n\r\n", Small).Error);
        Assert.Equal(431, Wire.Requests($"{Before}{new string('a', room + 1)}\r\n\r\n", Small).Error?.Status);
        Assert.Equal(431, Wire.Requests($"{Before}{new string('a', 500)}", Small).Error?.Status);
        Assert.Equal(431, Wire.Requests($"{Before}{new string('a', 500)}\r\n\r\n", Small).Error?.Status);
    }

    [Fact]
    public void The_body_does_not_count_as_head() =>
        Assert.Null(Wire.Requests($"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\n{new string('a', 500)}", Small).Error);

    [Fact]
    public void One_field_more_than_the_limit_is_431()
    {
        Assert.Null(Wire.Requests("GET / HTTP/1.1\r\nHost: h\r\nA: a\r\nB: b\r\n\r\n", Small).Error);
        Assert.Equal(431, Wire.Requests("GET / HTTP/1.1\r\nHost: h\r\nA: a\r\nB: b\r\nC: c\r\n\r\n", Small).Error?.Status);
    }

    [Theory]
    [InlineData("1;a=1234567\r\nx\r\n0\r\n\r\n", null)]
    [InlineData("1;a=12345678\r\nx\r\n0\r\n\r\n", 400)]
    [InlineData("0\r\nA: 0123456789\r\nB: 012345678901234567\r\n\r\n", null)]
    [InlineData("0\r\nA: 0123456789\r\nB: 0123456789012345678\r\n\r\n", 431)]
    [InlineData("0\r\nA: 01234567890123456789012345678901234567890123456789", 431)]
    [InlineData("0\r\nA: a\r\nB: b\r\nC: c\r\n\r\n", null)]
    [InlineData("0\r\nA: a\r\nB: b\r\nC: c\r\nD: d\r\n\r\n", 431)]
    public void Chunk_extensions_and_trailers_have_theirs(string body, int? status) =>
        Assert.Equal(status, Wire.Requests("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body, Small).Error?.Status);

    [Fact]
    public void A_head_that_comes_byte_by_byte_costs_linear_time()
    {
        var limits = Http1Limits.Default with { HeadBytes = 4 << 20, TargetBytes = 4 << 20 };
        var wire = Wire.Bytes("GET /" + new string('a', 2 << 20));
        var parser = new Http1RequestParser(limits);

        // Quadratic work would be 2 Mi × 1 MiB: hours, even 32 bytes at a time.
        for (var end = 1; end <= wire.Length; end++)
            Assert.Equal(ParseStatus.NeedMore, parser.Parse(wire, 0, end, out _));
    }
}
