using System.Globalization;
using System.Text;

namespace Gatehouse.Interop.Tests.Proxying;

/// <summary>Bodies both ways, byte for byte, in every framing.</summary>
public sealed class BodyTests(EchoServer echo) : IClassFixture<EchoServer>
{
    private readonly Served _served = echo.Served;

    public static MatrixTheoryData<string, int> Sizes => new(
        ["/echo", "/echo-chunked", "/unbuffered/echo", "/unbuffered/echo-chunked", "/spilled/echo", "/spilled/echo-chunked"],
        [0, 1, 4095, 4096, 16 * 1024, 65_535, 65_536, 300_000, 2_000_000]);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_body_of_known_length_arrives_and_comes_back(string target, int size)
    {
        var body = Noise.Bytes(size, size);
        var answer = _served.Send("POST", target, body);
        Assert.Equal(200, answer.Status);
        Noise.AssertSame(body, answer.Body);
        Assert.Equal($"{size}", echo.Last["Content-Length"]);
        Assert.False(echo.Last.IsChunked);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_chunked_body_arrives_and_comes_back(string target, int size)
    {
        var body = Noise.Bytes(size, size);
        using var client = _served.Connect();
        client.Send(Served.Head("PUT", target, "Transfer-Encoding: chunked"));
        SendChunks(client, body);
        var answer = client.ReadResponse();
        Assert.Equal(200, answer.Status);
        Noise.AssertSame(body, answer.Body);
        Noise.AssertSame(body, echo.Last.Body);
        client.Send(Served.Head("GET", "/next"));
        Assert.Equal(200, client.ReadResponse().Status);
    }

    [Theory]
    [InlineData("/echo")]
    [InlineData("/unbuffered/echo-chunked")]
    public void Twenty_megabytes_go_through_curl(string target)
    {
        using var folder = new TempFolder();
        var body = Noise.Bytes(20 << 20);
        var file = folder.Write("body", body);
        PeerProcess.Run("curl", ["-sS", "--fail", "-T", file, "-o", folder["back"], new Uri(_served.Root, target).ToString()], Served.Patience).Expect(0);
        Noise.AssertSame(body, File.ReadAllBytes(folder["back"]));
        PeerProcess.Run(
            "curl", ["-sS", "--fail", "-T", file, "-H", "Transfer-Encoding: chunked", "-o", folder["back"], new Uri(_served.Root, target).ToString()], Served.Patience).Expect(0);
        Noise.AssertSame(body, File.ReadAllBytes(folder["back"]));
    }

    [Theory]
    [InlineData("/echo")]
    [InlineData("/unbuffered/echo")]
    public void A_client_that_expects_100_gets_it_before_it_sends(string target)
    {
        using var client = _served.Connect();
        client.Send(Served.Head("POST", target, "Expect: 100-continue", "Content-Length: 5"));
        Assert.Equal(100, client.ReadResponse().Status);
        client.Send("hello");
        Assert.Equal("hello", client.ReadResponse().Text);
        Assert.Null(echo.Last["Expect"]);
    }

    [Fact]
    public void Curl_expects_100()
    {
        using var folder = new TempFolder();
        var body = Noise.Bytes(1_500_000);
        var file = folder.Write("body", body);
        var result = PeerProcess.Run(
            "curl", ["-sS", "-v", "--fail", "--data-binary", $"@{file}", "-H", "Expect: 100-continue", "--expect100-timeout", "20", "-o", folder["back"], new Uri(_served.Root, "echo").ToString()],
            Served.Patience).Expect(0);
        Assert.Contains("100 Continue", result.Error, StringComparison.Ordinal);
        Noise.AssertSame(body, File.ReadAllBytes(folder["back"]));
    }

    [Fact]
    public void Pipelined_requests_with_bodies_are_answered_in_order()
    {
        using var client = _served.Connect();
        var wire = new StringBuilder();
        for (var i = 0; i < 20; i++) wire.Append(Served.Head("POST", i % 2 == 0 ? "/echo" : "/echo-chunked", $"Content-Length: {i * 300}")).Append((char)('a' + i), i * 300);
        client.Send(wire.ToString());
        for (var i = 0; i < 20; i++) Assert.Equal(new string((char)('a' + i), i * 300), client.ReadResponse().Text);
    }

    [Fact]
    public void Trailers_pass_behind_a_chunked_answer()
    {
        var answer = _served.Get("/trailers", "TE: trailers");
        Assert.Equal("content", answer.Text);
        Assert.Contains(new("X-Checksum", "abc"), answer.Trailers);
        Assert.Contains(new("Server-Timing", "t;dur=1"), answer.Trailers);
    }

    [Theory]
    [InlineData("GET", "/not-modified", 304)]
    [InlineData("GET", "/no-content", 204)]
    [InlineData("HEAD", "/anything", 200)]
    public void An_answer_without_body_keeps_the_connection(string method, string target, int status)
    {
        using var client = _served.Connect();
        for (var i = 0; i < 3; i++)
        {
            client.Send(Served.Head(method, target));
            var answer = client.ReadResponse(toHead: method == "HEAD");
            Assert.Equal((status, 0), (answer.Status, answer.Body.Length));
            Assert.Null(answer["Transfer-Encoding"]);
            if (method == "HEAD") Assert.Equal("1234", answer["Content-Length"]);
        }
        client.Send(Served.Head("POST", "/echo", "Content-Length: 2") + "ok");
        Assert.Equal("ok", client.ReadResponse().Text);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("PATCH")]
    [InlineData("PROPFIND")]
    public void Any_method_may_have_a_body(string method)
    {
        var answer = _served.Send(method, "/echo", "content"u8);
        Assert.Equal((200, "content", method), (answer.Status, answer.Text, echo.Last.Method));
    }

    [Fact]
    public void An_http_1_0_client_gets_an_answer_that_ends_with_the_connection()
    {
        using var client = _served.Connect();
        client.Send("POST /echo-chunked HTTP/1.0\r\nHost: test.example\r\nContent-Length: 12000\r\n\r\n");
        var body = Noise.Bytes(12_000);
        client.Send(body);
        var answer = client.ReadResponse();
        Assert.Equal((200, null), (answer.Status, answer["Transfer-Encoding"]));
        Noise.AssertSame(body, answer.Body);
        Assert.True(client.IsAtEnd());
    }

    private static void SendChunks(RawClient client, ReadOnlySpan<byte> body)
    {
        for (var size = 1; body.Length > 0; size = Math.Min(size * 3, 100_000))
        {
            var count = Math.Min(size, body.Length);
            client.Send(count.ToString("x", CultureInfo.InvariantCulture) + (size == 3 ? ";name=value\r\n" : "\r\n"));
            client.Send(body[..count]);
            client.Send("\r\n");
            body = body[count..];
        }
        client.Send("0\r\n\r\n");
    }
}
