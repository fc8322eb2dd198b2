namespace Gatehouse.Protocols.Tests.Http1;

public sealed class Http1FieldTests
{
    [Theory]
    [InlineData("X: a", "a")]
    [InlineData("X:a", "a")]
    [InlineData("X:\t a b \t ", "a b")]
    [InlineData("X:", "")]
    [InlineData("X: \t ", "")]
    [InlineData("X: a\tb", "a\\x09b")]
    [InlineData("X: \u00e9\u0080\u00ff", "\\xe9\\x80\\xff")]
    [InlineData("X: a:b:c", "a:b:c")]
    [InlineData("X: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0")]
    public void A_value_comes_without_the_white_space_around_it(string line, string expected)
    {
        var read = Wire.Request(line);

        Assert.Null(read.Error);
        Assert.Equal(("X", expected), read.Messages[0].Fields[1]);
    }

    [Theory]
    [InlineData("a-very-long-field-name-of-more-than-thirty-two-bytes-!#$%&'*+-.^_`|~")]
    [InlineData("Exactly-16-bytes")]
    [InlineData("x")]
    public void A_name_is_any_token(string name) => Assert.Equal((name, "v"), Wire.Request(name + ": v").Messages[0].Fields[1]);

    [Theory]
    [InlineData(": v", 0)]
    [InlineData(" X: v", 0)]
    [InlineData("\tX: v", 0)]
    [InlineData("X : v", 1)]
    [InlineData("X\t: v", 1)]
    [InlineData("X Y: v", 1)]
    [InlineData("X", 1)]
    [InlineData("X(: v", 1)]
    [InlineData("X\u00e9: v", 1)]
    [InlineData("X\0: v", 1)]
    [InlineData("@X: v", 0)]
    [InlineData("X: a\0b", 4)]
    [InlineData("X: a\u0001b", 4)]
    [InlineData("X: a\u007fb", 4)]
    [InlineData("X: a\u000bb", 4)]
    [InlineData("X: a\rb", 4)]
    [InlineData("X: a\r", 4)]
    [InlineData("X: a\nY: b", 4)]
    [InlineData("\rX: a", 0)]
    [InlineData("\nX: a", 0)]
    public void A_malformed_line_is_refused_where_the_fault_is(string line, int offset)
    {
        var before = "GET / HTTP/1.1\r\nHost: a\r\n".Length;

        var read = Wire.Request(line);

        Assert.Equal((400, before + offset), (read.Error?.Status, read.Error?.Offset));
    }

    [Fact]
    public void The_same_holds_for_the_first_line()
    {
        Assert.Equal(400, Wire.Requests("GET / HTTP/1.1\r\n Host: a\r\n\r\n").Error!.Status);
        Assert.Equal(400, Wire.Requests("GET / HTTP/1.1\r\n: a\r\n\r\n").Error!.Status);
    }

    [Theory]
    [InlineData("Host: ", "")]
    [InlineData("Host: h", "h")]
    [InlineData("hOST:h:80", "h:80")]
    [InlineData("Host: [::1]", "[::1]")]
    [InlineData("Host: 0.0.0.0=5000", "0.0.0.0=5000")]
    [InlineData("Host: a_b.c:", "a_b.c:")]
    public void One_valid_host_is_asked_for(string line, string authority) =>
        Assert.Equal($"path /, authority {authority}, no body", Wire.Requests($"GET / HTTP/1.1\r\n{line}\r\n\r\n").Messages[0].Framing);

    [Theory]
    [InlineData("")]
    [InlineData("Host: a\r\nHost: a\r\n")]
    [InlineData("Host: a b\r\n")]
    [InlineData("Host: a, b\r\n")]
    [InlineData("Host: a/b\r\n")]
    [InlineData("Host: u@a\r\n")]
    [InlineData("Host: a:b\r\n")]
    [InlineData("Host: a:65536\r\n")]
    [InlineData("Host: :80\r\n")]
    [InlineData("Host: [::1\r\n")]
    [InlineData("Host: \u00e9\r\n")]
    public void Anything_else_is_refused(string fields)
    {
        Assert.Equal(400, Wire.Requests($"GET / HTTP/1.1\r\n{fields}\r\n").Error?.Status);
        Assert.Equal(400, Wire.Requests($"GET http://b/ HTTP/1.1\r\n{fields}\r\n").Error?.Status);
    }

    [Fact]
    public void Http_1_0_needs_no_host()
    {
        Assert.Equal("path /, authority , no body, close", Wire.Requests("GET / HTTP/1.0\r\n\r\n").Messages[0].Framing);
        Assert.Equal(400, Wire.Requests("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n").Error!.Status);
    }

    [Fact]
    public void The_authority_of_the_target_wins_over_host() =>
        Assert.Equal("path /, authority b:1, no body", Wire.Requests("GET http://b:1/ HTTP/1.1\r\nHost: a\r\n\r\n").Messages[0].Framing);

    [Theory]
    [InlineData("1.1", "", true)]
    [InlineData("1.1", "Connection: close", false)]
    [InlineData("1.1", "Connection: foo, CLOSE", false)]
    [InlineData("1.1", "Connection: keep-alive, close", false)]
    [InlineData("1.1", "Connection: \"close\"", true)]
    [InlineData("1.1", "Connection: foo\r\nConnection: close", false)]
    [InlineData("1.0", "", false)]
    [InlineData("1.0", "Connection: Keep-Alive", true)]
    [InlineData("1.0", "Connection: keep-alive, close", false)]
    [InlineData("1.0", "Proxy-Connection: keep-alive", false)]
    public void Connection_decides_about_persistence(string version, string line, bool persists)
    {
        var read = Wire.Requests($"GET / HTTP/{version}\r\nHost: a\r\n{line}{(line.Length == 0 ? "" : "\r\n")}\r\n");

        Assert.Equal(!persists, read.IsClosed);
    }

    [Theory]
    [InlineData("1.1", "Upgrade: websocket\r\nConnection: keep-alive, Upgrade", true)]
    [InlineData("1.1", "Upgrade: websocket", false)]
    [InlineData("1.1", "Connection: upgrade", false)]
    [InlineData("1.0", "Upgrade: websocket\r\nConnection: upgrade", false)]
    public void Upgrade_must_be_named_in_connection(string version, string lines, bool asks)
    {
        var read = Wire.Requests($"GET / HTTP/{version}\r\nHost: a\r\n{lines}\r\n\r\n");

        Assert.Equal(asks, read.Messages[0].Framing.Contains("upgrade", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.1", "Expect: 100-Continue\r\nContent-Length: 1", true)]
    [InlineData("1.1", "Expect: 100-continue\r\nTransfer-Encoding: chunked", true)]
    [InlineData("1.1", "Expect: 100-continue", false)]
    [InlineData("1.1", "Expect: 100-continue\r\nContent-Length: 0", false)]
    [InlineData("1.0", "Expect: 100-continue\r\nContent-Length: 1", false)]
    public void Expect_is_heard_where_a_body_follows(string version, string lines, bool expects)
    {
        var read = Wire.Requests($"POST / HTTP/{version}\r\nHost: a\r\n{lines}\r\n\r\n");

        Assert.Equal(expects, read.Messages[0].Framing.Contains("continue", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Expect: 200-ok")]
    [InlineData("Expect: 100-continue, foo")]
    [InlineData("Expect: 100-continue;x=y")]
    public void Any_other_expectation_is_417(string line) => Assert.Equal(417, Wire.Request(line).Error?.Status);

    [Fact]
    public void Pipelined_requests_come_one_after_the_other()
    {
        var read = Wire.Requests(
            "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" +
            "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n" +
            "\r\nGET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /4");

        Assert.Equal(["POST /1 HTTP/1.1", "GET /2 HTTP/1.1", "GET /3 HTTP/1.1"], read.Messages.Select(message => message.Line));
        Assert.True(read.IsClosed);
        Assert.Equal("GET /4", Message.Escape(read.Rest));
    }
}
