using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>php-fpm behind <c>fastcgi</c>: variables, bodies both ways, what goes wrong, and what a script leaves to the server.</summary>
public sealed class PhpTests(PhpServer php) : IClassFixture<PhpServer>
{
    [Fact]
    public void A_script_sees_the_request()
    {
        var answer = php.Served.Get("/vars.php/a/b%20c?x=1&y", "X-One: 1", "x-one: 2", "Proxy: http://evil", "X_Under: 3", "Authorization: Basic dXNlcjpwYXNz");
        Assert.Equal((200, "application/json"), (answer.Status, answer["Content-Type"]));
        var seen = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(answer.Text)!;
        string? Of(string name) => seen.TryGetValue(name, out var value) ? value.ToString() : null;
        var root = php.Served.Folder["php"];
        Assert.Equal(
            ["GET", "/vars.php", "/a/b c", $"{root}/a/b c", $"{root}/vars.php", root, "/vars.php/a/b%20c?x=1&y", "x=1&y", "/vars.php/a/b c"],
            new[] { "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "PATH_TRANSLATED", "SCRIPT_FILENAME", "DOCUMENT_ROOT", "REQUEST_URI", "QUERY_STRING", "DOCUMENT_URI" }.Select(Of));
        Assert.Equal(
            ["CGI/1.1", "gatehouse", "HTTP/1.1", "test.example", $"{php.Served.Port}", "127.0.0.1", "127.0.0.1", "127.0.0.1", "http", "", ""],
            new[] { "GATEWAY_INTERFACE", "SERVER_SOFTWARE", "SERVER_PROTOCOL", "SERVER_NAME", "SERVER_PORT", "SERVER_ADDR", "REMOTE_ADDR", "REMOTE_HOST", "REQUEST_SCHEME", "SERVER_SIGNATURE", "SERVER_ADMIN" }.Select(Of));
        Assert.Equal(["1, 2", "test.example", "user", null, null, null, null], new[] { "HTTP_X_ONE", "HTTP_HOST", "PHP_AUTH_USER", "HTTP_PROXY", "HTTP_X_UNDER", "HTTPS", "CONTENT_LENGTH" }.Select(Of));
        Assert.True(int.TryParse(Of("REMOTE_PORT"), out _));
    }

    [Theory]
    [InlineData("/echo.php", 0)]
    [InlineData("/echo.php", 5)]
    [InlineData("/echo.php", 20_000)]
    [InlineData("/echo.php", 65_536)]
    [InlineData("/echo.php", 3_000_000)]
    [InlineData("/small-buffer/echo.php", 3_000_000)]
    [InlineData("/streamed/echo.php", 3_000_000)]
    [InlineData("/kept/echo.php", 300_000)]
    public void Bodies_arrive_whole(string target, int length)
    {
        var body = Noise.Bytes(length);
        var answer = php.Served.Send("POST", target, body, "Content-Type: application/octet-stream");
        Assert.Equal($"{length} {Sha256(body)} {length}", answer.Text);
    }

    [Theory]
    [InlineData("/echo.php")]
    [InlineData("/streamed/echo.php")]
    public void A_body_of_unknown_length_is_told_to_the_script_with_its_length(string target)
    {
        using var client = php.Served.Connect();
        client.Send(Served.Head("POST", target, "Transfer-Encoding: chunked", "Content-Type: application/octet-stream") + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
        Assert.Equal($"11 {Sha256("hello world"u8)} 11", client.ReadResponse().Text);
    }

    [Theory]
    [InlineData("/big.php")]
    [InlineData("/streamed/big.php")]
    [InlineData("/kept/big.php")]
    [InlineData("/small-buffer/big.php")]
    public void Large_answers_come_whole(string target)
    {
        var answer = php.Served.Get(target);
        Assert.Equal(4_000_000, answer.Body.Length);
        Assert.Equal(answer["X-Sha256"], Sha256(answer.Body));
    }

    [Fact]
    public void What_a_script_flushes_is_sent_at_once()
    {
        using var client = php.Served.Connect();
        var started = Stopwatch.GetTimestamp();
        client.Send(Served.Head("GET", "/slow.php"));
        client.ReadThrough("part 0\n"u8);
        var first = Stopwatch.GetElapsedTime(started);
        client.ReadThrough("part 2\n"u8);
        Assert.InRange(Stopwatch.GetElapsedTime(started) - first, TimeSpan.FromMilliseconds(150), Served.Patience);
    }

    [Fact]
    public void Connections_are_kept_where_the_route_says_so()
    {
        var pids = Enumerable.Range(0, 8).Select(_ => JsonDocument.Parse(php.Served.Get("/kept/vars.php").Text).RootElement.GetProperty("PID").GetInt32()).ToHashSet();
        Assert.Single(pids);
    }

    [Fact]
    public void The_log_has_what_scripts_complain_of()
    {
        var answer = php.Served.Get("/kept/errors.php");
        Assert.Equal((418, "teapot"), (answer.Status, answer.Text));
        php.Served.Process.WaitForOutput("/kept/errors.php: PHP message: first complaint");
        php.Served.Process.WaitForOutput("second complaint");
    }

    [Fact]
    public void Head_and_204_have_no_body_and_leave_the_connection_in_order()
    {
        using var client = php.Served.Connect();
        for (var i = 0; i < 3; i++)
        {
            client.Send(Served.Head("HEAD", "/kept/vars.php"));
            Assert.Equal((200, "application/json"), client.ReadResponse(toHead: true) is var head ? (head.Status, head["Content-Type"]!) : default);
            client.Send(Served.Head("GET", "/kept/none.php"));
            Assert.Equal(204, client.ReadResponse().Status);
        }
    }

    [Fact]
    public void Paths_that_name_no_script_go_to_the_index()
    {
        Assert.Equal("front /framework/index.php /framework/some/page?x test me@example.com", php.Served.Get("/framework/some/page?x").Text);
        Assert.Equal("blog /framework/blog/index.php", php.Served.Get("/framework/blog/").Text);
        Assert.StartsWith("front /framework/index.php", php.Served.Get("/framework/blog").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/missing.php")]
    [InlineData("/uploads/picture.jpg/x.php")]
    [InlineData("/folder.php/x.txt")]
    [InlineData("/link.php")]
    [InlineData("/../outside.php")]
    [InlineData("/uploads/picture.jpg")]
    public void What_is_no_script_inside_the_root_is_not_run(string target)
    {
        var answer = php.Served.Get(target);
        Assert.True(answer.Status is 404 or 400, $"{answer.Status}");
        Assert.DoesNotContain("run", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_say_which_step_failed()
    {
        Assert.Equal(503, php.Served.Get("/gone/vars.php").Status);
        php.Served.Process.WaitForOutput("nobody.sock does not accept the connection");
        Assert.Equal(504, php.Served.Get("/impatient/sleep.php").Status);
        php.Served.Process.WaitForOutput("sent no answer within 0.3 s (timeouts.first-byte)");
        Assert.Equal(502, php.Served.Get("/crash.php").Status);
        php.Served.Process.WaitForOutput("before the first byte of an answer");
        Assert.Equal(200, php.Served.Get("/vars.php").Status);
    }

    [Fact]
    public void An_answer_that_is_shorter_than_it_said_does_not_pass_for_whole()
    {
        Assert.Equal(502, php.Served.Get("/short.php").Status);
        php.Served.Process.WaitForOutput("5 bytes before the length that it announced");
    }

    [Fact]
    public void A_redirect_of_PHP_goes_to_the_client()
    {
        var answer = php.Served.Get("/redirect.php");
        Assert.Equal((302, "/vars.php"), (answer.Status, answer["Location"]));
    }

    [Fact]
    public void X_Accel_Redirect_has_another_route_answer()
    {
        var answer = php.Served.Send("POST", "/accel.php", "ignored"u8);
        Assert.Equal((200, "a static file\n", "a=b", "application/special"), (answer.Status, answer.Text, answer["Set-Cookie"], answer["Content-Type"]));
        Assert.Null(answer["X-Accel-Redirect"]);
        Assert.Equal(502, php.Served.Get("/loop.php").Status);
        php.Served.Process.WaitForOutput("redirected the request 10 times");
    }

    [Fact]
    public void X_Sendfile_sends_a_file_with_ranges()
    {
        var file = Uri.EscapeDataString(php.Served.Folder["secret/data.bin"]);
        var answer = php.Served.Get($"/sendfile.php?file={file}");
        Assert.Equal((200, "application/x-secret"), (answer.Status, answer["Content-Type"]));
        Noise.AssertSame(php.Secret, answer.Body);
        Assert.Null(answer["X-Sendfile"]);
        var part = php.Served.Get($"/sendfile.php?file={file}", "Range: bytes=10-19");
        Assert.Equal((206, 10), (part.Status, part.Body.Length));
        Noise.AssertSame(php.Secret.AsSpan(10, 10), part.Body);
        Noise.AssertSame(php.Secret, php.Served.Get("/sendfile.php?file=data.bin").Body);
        foreach (var other in new[] { "/etc/passwd", "../outside.php", php.Served.Folder["secret/../outside.php"], php.Served.Folder["outside.php"], "none" })
            Assert.Equal(404, php.Served.Get($"/sendfile.php?file={Uri.EscapeDataString(other)}").Status);
    }

    [Fact]
    public void Ab_finds_no_failure()
    {
        var result = PeerProcess.Run("ab", ["-q", "-k", "-n", "600", "-c", "8", new Uri(php.Served.Root, "none.php").ToString()], TimeSpan.FromSeconds(60)).Expect(0);
        Assert.Matches("Complete requests: +600\n", result.Output);
        Assert.Matches("Failed requests: +0\n", result.Output);
    }

    private static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
