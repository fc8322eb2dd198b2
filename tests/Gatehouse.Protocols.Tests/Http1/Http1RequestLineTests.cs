using Gatehouse.Protocols.Http1;

namespace Gatehouse.Protocols.Tests.Http1;

public sealed class Http1RequestLineTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1", "path /, authority h, no body")]
    [InlineData("GET /a/b;c=d?x=1&y=%20 HTTP/1.1", "path /a/b;c=d, query x=1&y=%20, authority h, no body")]
    [InlineData("GET /a?b?c HTTP/1.1", "path /a, query b?c, authority h, no body")]
    [InlineData("GET /a? HTTP/1.1", "path /a, query , authority h, no body")]
    [InlineData("GET //a//b HTTP/1.1", "path //a//b, authority h, no body")]
    [InlineData("GET /a:b@c HTTP/1.1", "path /a:b@c, authority h, no body")]
    [InlineData("GET /|{}^`\"<>\\ HTTP/1.1", "path /|{}^`\"<>\\x5c, authority h, no body")]
    [InlineData("GET http://Example.com:80/p?q HTTP/1.1", "path /p, query q, authority Example.com:80, no body")]
    [InlineData("GET HTTPS://e.com HTTP/1.1", "path /, authority e.com, no body")]
    [InlineData("GET http://e.com?q HTTP/1.1", "path /, query q, authority e.com, no body")]
    [InlineData("GET http://e.com?/x HTTP/1.1", "path /, query /x, authority e.com, no body")]
    [InlineData("GET http://[::1]:8080/ HTTP/1.1", "path /, authority [::1]:8080, no body")]
    [InlineData("OPTIONS * HTTP/1.1", "path *, authority h, no body")]
    [InlineData("OPTIONS http://e.com:8001 HTTP/1.1", "path /, authority e.com:8001, no body")]
    [InlineData("CONNECT e.com:443 HTTP/1.1", "path , authority e.com:443, no body")]
    [InlineData("CONNECT [2001:db8::1]:443 HTTP/1.1", "path , authority [2001:db8::1]:443, no body")]
    [InlineData("get / HTTP/1.1", "path /, authority h, no body")]
    [InlineData("X!#$%&'*+-.^_`|~9 / HTTP/1.1", "path /, authority h, no body")]
    [InlineData("GET / HTTP/1.0", "path /, authority h, no body, close")]
    public void Is_taken_apart(string line, string expected)
    {
        var read = Wire.Requests(line + "\r\nHost: h\r\n\r\n");

        Assert.Null(read.Error);
        Assert.Equal(expected, Assert.Single(read.Messages).Framing);
    }

    [Theory]
    // The method is a token, then one SP.
    [InlineData("G(T / HTTP/1.1", 400, 1)]
    [InlineData(" GET / HTTP/1.1", 400, 0)]
    [InlineData("(GET / HTTP/1.1", 400, 0)]
    [InlineData("GET\t/ HTTP/1.1", 400, 3)]
    [InlineData("GE\u00e9 / HTTP/1.1", 400, 2)]
    [InlineData("GET", 400, 3)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / HTTP/1.1", 501, 0)]
    // One SP before and behind the target; the target has neither white space nor controls nor fragment nor bytes above 0x7F.
    [InlineData("GET  / HTTP/1.1", 400, 4)]
    [InlineData("GET /  HTTP/1.1", 400, 6)]
    [InlineData("GET /a b HTTP/1.1", 400, 7)]
    [InlineData("GET /a\tb HTTP/1.1", 400, 6)]
    [InlineData("GET /a\0b HTTP/1.1", 400, 6)]
    [InlineData("GET /a\u007fb HTTP/1.1", 400, 6)]
    [InlineData("GET /a#b HTTP/1.1", 400, 6)]
    [InlineData("GET /\u00c3\u00a9 HTTP/1.1", 400, 5)]
    [InlineData("GET /a\rb HTTP/1.1", 400, 6)]
    // HTTP/0.9 and what follows the target.
    [InlineData("GET /", 400, 5)]
    [InlineData("GET / ", 400, 6)]
    [InlineData("GET / HTTP", 400, 6)]
    [InlineData("GET / HTTP/1.1 ", 400, 14)]
    [InlineData("GET / HTTP/1.1\rX", 400, 14)]
    [InlineData("GET / HTTP/1.10", 400, 14)]
    [InlineData("GET / http/1.1", 400, 6)]
    [InlineData("GET / HTTP/1,1", 400, 6)]
    [InlineData("GET / HTTP/11.1", 400, 6)]
    [InlineData("GET / HTTP/+1.1", 400, 6)]
    [InlineData("GET / FTP/1.1  ", 400, 6)]
    [InlineData("GET / HTTP/2.0", 505, 6)]
    [InlineData("GET / HTTP/0.9", 505, 6)]
    // The four forms of target.
    [InlineData("GET * HTTP/1.1", 400, 4)]
    [InlineData("OPTIONS ** HTTP/1.1", 400, 8)]
    [InlineData("GET foo/bar HTTP/1.1", 400, 4)]
    [InlineData("GET ?q HTTP/1.1", 400, 4)]
    [InlineData("GET e.com:443 HTTP/1.1", 400, 4)]
    [InlineData("GET ftp://e.com/ HTTP/1.1", 400, 4)]
    [InlineData("GET http:/e.com/ HTTP/1.1", 400, 4)]
    [InlineData("GET http:///path HTTP/1.1", 400, 11)]
    [InlineData("GET http://u:p@e.com/ HTTP/1.1", 400, 11)]
    [InlineData("GET http://e.com:x/ HTTP/1.1", 400, 11)]
    [InlineData("CONNECT / HTTP/1.1", 400, 8)]
    [InlineData("CONNECT e.com HTTP/1.1", 400, 8)]
    [InlineData("CONNECT e.com: HTTP/1.1", 400, 8)]
    [InlineData("CONNECT http://e.com/ HTTP/1.1", 400, 8)]
    public void Is_refused(string line, int status, int offset)
    {
        var read = Wire.Requests(line + "\r\nHost: h\r\n\r\n");

        Assert.Empty(read.Messages);
        Assert.Equal((status, offset), (read.Error?.Status, read.Error?.Offset));
    }

    [Fact]
    public void A_later_minor_version_counts_as_1_1()
    {
        var message = Assert.Single(Wire.Requests("GET / HTTP/1.7\r\nHost: h\r\n\r\n").Messages);

        Assert.Equal("GET / HTTP/1.1", message.Line);
    }

    [Fact]
    public void The_http2_preface_is_told_from_other_faults()
    {
        var parser = new Http1RequestParser(Http1Limits.Default);
        var preface = Wire.Bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

        Assert.Equal(ParseStatus.Failed, parser.Parse(preface, 0, preface.Length, out _));
        Assert.True(parser.IsHttp2Preface);
        Assert.Equal(505, parser.Error!.Status);

        parser.Reset();
        Assert.False(parser.IsHttp2Preface);
        var other = Wire.Bytes("GET * HTTP/2.0\r\n\r\n");
        Assert.Equal(ParseStatus.Failed, parser.Parse(other, 0, other.Length, out _));
        Assert.False(parser.IsHttp2Preface);
    }

    [Fact]
    public void One_empty_line_before_it_is_passed_over_and_a_second_is_not()
    {
        Assert.Single(Wire.Requests("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n").Messages);
        Assert.Equal(400, Wire.Requests("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n").Error!.Status);
        Assert.Equal(400, Wire.Requests("\nGET / HTTP/1.1\r\nHost: h\r\n\r\n").Error!.Status);
        Assert.Equal(400, Wire.Requests("\rGET / HTTP/1.1\r\nHost: h\r\n\r\n").Error!.Status);
    }

    [Fact]
    public void A_first_byte_that_starts_no_method_is_refused_before_the_line_ends()
    {
        Assert.Equal(0, Wire.Requests("\x16\x03\x01\x02").Error!.Offset);
        Assert.Equal(2, Wire.Requests("\r\n\x16\x03\x01\x02").Error!.Offset);
    }

    [Theory]
    [InlineData("GET", Method.Get)]
    [InlineData("HEAD", Method.Head)]
    [InlineData("POST", Method.Post)]
    [InlineData("PUT", Method.Put)]
    [InlineData("DELETE", Method.Delete)]
    [InlineData("OPTIONS", Method.Options)]
    [InlineData("TRACE", Method.Trace)]
    [InlineData("PATCH", Method.Patch)]
    [InlineData("CONNECT", Method.Connect)]
    [InlineData("Get", Method.Other)]
    [InlineData("PURGE", Method.Other)]
    [InlineData("", Method.Other)]
    public void A_method_is_known_by_its_exact_token(string token, Method expected)
    {
        Assert.Equal(expected, Methods.Find(Wire.Bytes(token)));
        if (expected != Method.Other)
            Assert.Equal(Wire.Bytes(token), Methods.Name(expected));
    }
}
