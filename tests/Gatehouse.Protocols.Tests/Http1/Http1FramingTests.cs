namespace Gatehouse.Protocols.Tests.Http1;

public sealed class Http1FramingTests
{
    [Theory]
    [InlineData("Content-Length: 0", "no body")]
    [InlineData("Content-Length: 5", "body of 5")]
    [InlineData("content-LENGTH:\t005 ", "body of 5")]
    [InlineData("Content-Length: 9223372036854775807", "body of 9223372036854775807")]
    [InlineData("Transfer-Encoding: chunked", "chunked")]
    [InlineData("transfer-encoding: CHUNKED ", "chunked")]
    [InlineData("Content_Length: 5", "no body")]
    [InlineData("Transfer_Encoding: chunked", "no body")]
    public void Is_derived_from_the_fields(string line, string expected) =>
        Assert.Equal($"path /, authority a, {expected}", Wire.Request(line).Messages[0].Framing);

    [Theory]
    // Content-Length = 1*DIGIT
    [InlineData("Content-Length:", 400)]
    [InlineData("Content-Length: -1", 400)]
    [InlineData("Content-Length: +1", 400)]
    [InlineData("Content-Length: 0x1", 400)]
    [InlineData("Content-Length: 1_0", 400)]
    [InlineData("Content-Length: 1 0", 400)]
    [InlineData("Content-Length: 1.0", 400)]
    [InlineData("Content-Length: \"1\"", 400)]
    [InlineData("Content-Length: 9223372036854775808", 400)]
    [InlineData("Content-Length: 99999999999999999999999999", 400)]
    // One Content-Length, even if all agree.
    [InlineData("Content-Length: 5\r\nContent-Length: 5", 400)]
    [InlineData("Content-Length: 5\r\nContent-Length: 6", 400)]
    [InlineData("Content-Length: 5, 5", 400)]
    [InlineData("Content-Length: 5,", 400)]
    // Never both.
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked", 400)]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5", 400)]
    [InlineData("Content-Length: 0\r\nTransfer-Encoding: chunked", 400)]
    // chunked once, last, alone, without parameters or empty members.
    [InlineData("Transfer-Encoding:", 400)]
    [InlineData("Transfer-Encoding: ,chunked", 400)]
    [InlineData("Transfer-Encoding: chunked,", 400)]
    [InlineData("Transfer-Encoding: chunked;a=b", 400)]
    [InlineData("Transfer-Encoding: chunked chunked", 400)]
    [InlineData("Transfer-Encoding: \"chunked\"", 400)]
    [InlineData("Transfer-Encoding: chunked\u00a0", 400)]
    [InlineData("Transfer-Encoding: chunked, chunked", 400)]
    [InlineData("Transfer-Encoding: chunked, gzip", 400)]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400)]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", 400)]
    // Other codings are not understood.
    [InlineData("Transfer-Encoding: gzip, chunked", 501)]
    [InlineData("Transfer-Encoding: gzip", 501)]
    [InlineData("Transfer-Encoding: identity", 501)]
    [InlineData("Transfer-Encoding: xchunked", 501)]
    [InlineData("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", 501)]
    public void Is_refused_where_two_could_disagree(string lines, int status)
    {
        var read = Wire.Request(lines);

        Assert.Empty(read.Messages);
        Assert.Equal(status, read.Error?.Status);
    }

    [Fact]
    public void Transfer_encoding_is_no_part_of_http_1_0() =>
        Assert.Equal(400, Wire.Requests("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n").Error?.Status);

    [Theory]
    [InlineData("Content-Length: 1", 400)]
    [InlineData("Transfer-Encoding: chunked", 400)]
    [InlineData("Content-Length: 0", null)]
    public void Connect_has_no_content(string line, int? status) =>
        Assert.Equal(status, Wire.Requests($"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n{line}\r\n\r\n").Error?.Status);
}
