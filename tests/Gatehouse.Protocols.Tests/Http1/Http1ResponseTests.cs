namespace Gatehouse.Protocols.Tests.Http1;

public sealed class Http1ResponseTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK", "HTTP/1.1 200 OK")]
    [InlineData("HTTP/1.0 200 OK", "HTTP/1.0 200 OK")]
    [InlineData("HTTP/1.1 200 ", "HTTP/1.1 200 ")]
    [InlineData("HTTP/1.1 200", "HTTP/1.1 200 ")]
    [InlineData("HTTP/1.1 299 a b\t\u00e9", "HTTP/1.1 299 a b\\x09\\xe9")]
    [InlineData("HTTP/1.9 999 x", "HTTP/1.1 999 x")]
    [InlineData("HTTP/1.1 200  x", "HTTP/1.1 200  x")]
    public void A_status_line_is_taken_apart(string line, string expected)
    {
        var read = Wire.Responses(line + "\r\nContent-Length: 0\r\n\r\n");

        Assert.Null(read.Error);
        Assert.Equal(expected, read.Messages[0].Line);
    }

    [Theory]
    [InlineData("HTTP/2.0 200 OK", 0)]
    [InlineData("HTTP/1.10 200 OK", 8)]
    [InlineData("HTTP/1.x 200 OK", 0)]
    [InlineData("http/1.1 200 OK", 0)]
    [InlineData("ICY 200 OK", 0)]
    [InlineData("HTTP/1.1", 8)]
    [InlineData("HTTP/1.1 ", 8)]
    [InlineData("HTTP/1.1  200 OK", 8)]
    [InlineData("HTTP/1.1\t200 OK", 8)]
    [InlineData("HTTP/1.1 20 OK", 8)]
    [InlineData("HTTP/1.1 20", 8)]
    [InlineData("HTTP/1.1 099 OK", 8)]
    [InlineData("HTTP/1.1 +20 OK", 8)]
    [InlineData("HTTP/1.1 2000 OK", 12)]
    [InlineData("HTTP/1.1 200\tOK", 12)]
    [InlineData("HTTP/1.1 200 O\0K", 14)]
    [InlineData("HTTP/1.1 200 O\rK", 14)]
    [InlineData("HTTP/1.1 200 OK\nX: y", 15)]
    [InlineData("\r\nHTTP/1.1 200 OK", 0)]
    [InlineData("", 0)]
    public void A_malformed_one_is_refused(string line, int offset)
    {
        var read = Wire.Responses(line + "\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal((502, offset), (read.Error?.Status, read.Error?.Offset));
    }

    [Theory]
    [InlineData(Method.Get, 200, "", "until close, close")]
    [InlineData(Method.Get, 200, "Content-Length: 0", "no body")]
    [InlineData(Method.Get, 200, "Content-Length: 5", "body of 5")]
    [InlineData(Method.Get, 200, "Content-Length: 5\r\nConnection: close", "body of 5, close")]
    [InlineData(Method.Get, 200, "Transfer-Encoding: chunked", "chunked")]
    [InlineData(Method.Get, 404, "", "until close, close")]
    [InlineData(Method.Get, 205, "Content-Length: 0", "no body")]
    [InlineData(Method.Head, 200, "Content-Length: 5", "no body")]
    [InlineData(Method.Head, 200, "Transfer-Encoding: chunked", "no body")]
    [InlineData(Method.Head, 200, "", "no body")]
    [InlineData(Method.Get, 304, "Content-Length: 5", "no body")]
    [InlineData(Method.Get, 204, "", "no body")]
    [InlineData(Method.Get, 204, "Content-Length: 0", "no body")]
    [InlineData(Method.Get, 204, "Content-Length: 5", "no body, close")]
    [InlineData(Method.Get, 204, "Transfer-Encoding: chunked", "no body, close")]
    [InlineData(Method.Get, 103, "Link: </a>", "no body, interim")]
    [InlineData(Method.Get, 101, "Upgrade: x\r\nConnection: upgrade", "no body, tunnel")]
    [InlineData(Method.Connect, 200, "", "no body, tunnel")]
    [InlineData(Method.Connect, 200, "Content-Length: 5", "no body, tunnel")]
    [InlineData(Method.Connect, 403, "Content-Length: 5", "body of 5")]
    public void Framing_follows_from_method_status_and_fields(Method method, int status, string lines, string expected)
    {
        var read = Wire.Responses($"HTTP/1.1 {status} x\r\n{lines}{(lines.Length == 0 ? "" : "\r\n")}\r\n", method);

        Assert.Equal(expected, Assert.Single(read.Messages).Framing);
    }

    [Theory]
    [InlineData("1.0", "Content-Length: 0", true)]
    [InlineData("1.0", "Content-Length: 0\r\nConnection: keep-alive", false)]
    [InlineData("1.1", "Content-Length: 0", false)]
    public void Persistence_follows_from_version_and_connection(string version, string lines, bool closes) =>
        Assert.Equal(closes, Wire.Responses($"HTTP/{version} 200 OK\r\n{lines}\r\n\r\n").IsClosed);

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked")]
    [InlineData("Content-Length: 5\r\nContent-Length: 5")]
    [InlineData("Content-Length: 5, 5")]
    [InlineData("Content-Length: -5")]
    [InlineData("Transfer-Encoding: gzip, chunked")]
    [InlineData("Transfer-Encoding: identity")]
    [InlineData("Transfer-Encoding: chunked, chunked")]
    [InlineData(" Folded: first")]
    [InlineData("Content-Length:\r\n 5")]
    [InlineData("Transfer-Encoding:\r\n chunked")]
    [InlineData("Connection: a,\r\n close")]
    [InlineData("X: a\r\n b\0")]
    [InlineData("X: a\r\n b\rc")]
    [InlineData("X: a\nb")]
    [InlineData("No colon")]
    [InlineData(": empty")]
    public void Fields_are_as_strict_as_a_request_s(string lines)
    {
        Assert.Equal(502, Wire.Responses($"HTTP/1.1 200 OK\r\n{lines}\r\n\r\n").Error?.Status);
    }

    [Fact]
    public void Transfer_encoding_is_no_part_of_http_1_0() =>
        Assert.Equal(502, Wire.Responses("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").Error?.Status);

    [Theory]
    [InlineData("X : a", "a")]
    [InlineData("X \t: a", "a")]
    [InlineData("X: a\r\n b", "a   b")]
    [InlineData("X: a \r\n\t b\r\n  c ", "a   \\x09 b    c")]
    [InlineData("X:\r\n a", "a")]
    [InlineData("X: \r\n \r\n a", "a")]
    [InlineData("X:\r\n ", "")]
    public void What_a_proxy_must_mend_is_mended(string lines, string value)
    {
        var read = Wire.Responses($"HTTP/1.1 204 x\r\n{lines}\r\nY: z\r\n\r\n");

        Assert.Null(read.Error);
        Assert.Equal([("X", value), ("Y", "z")], read.Messages[0].Fields);
    }

    [Fact]
    public void Interim_responses_precede_the_final_one()
    {
        var read = Wire.Responses(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 x\r\nLink: a\r\n\r\n" +
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
            Method.Get,
            Method.Head);

        Assert.Equal(["no body, interim", "no body, interim", "body of 2", "no body"], read.Messages.Select(message => message.Framing));
        Assert.All(read.Messages, message => Assert.True(message.IsComplete));
    }

    [Fact]
    public void A_body_until_close_takes_everything()
    {
        var read = Wire.Responses("HTTP/1.1 200 OK\r\n\r\nall\r\n\r\nof it");

        Assert.Equal("all\\x0d\\x0a\\x0d\\x0aof it", Message.Escape(Assert.Single(read.Messages).Body.ToArray()));
        Assert.True(read.Messages[0].IsComplete);
    }
}
