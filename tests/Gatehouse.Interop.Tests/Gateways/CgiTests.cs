using System.Diagnostics;
using System.Security.Cryptography;

namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>CGI scripts in shell, Python and Perl (RFC 3875).</summary>
public sealed class CgiTests(CgiServer cgi) : IClassFixture<CgiServer>
{
    [Fact]
    public void A_script_sees_the_request_and_nothing_of_the_server()
    {
        var answer = cgi.Served.Get("/cgi-bin/sub/deep/env.sh/a%20b/c?x=1&y=%20", "X-One: 1", "Proxy: evil", "Cookie: a=b", "Cookie: c=d", "X_Under: 1", "Referer: http://r/");
        Assert.Equal((200, "text/plain"), (answer.Status, answer["Content-Type"]));
        var lines = answer.Text.TrimEnd('\n').Split('\n');
        var root = cgi.Served.Folder["cgi-bin"];
        Assert.Equal($"{root}/sub/deep", lines[0]);
        var seen = lines.Skip(1).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.True(int.TryParse(seen["REMOTE_PORT"], out _));
        foreach (var own in new[] { "REMOTE_PORT", "PWD", "SHLVL", "_", "OLDPWD" }) seen.Remove(own);
        var expected = new Dictionary<string, string>
        {
            ["GATEWAY_INTERFACE"] = "CGI/1.1",
            ["SERVER_SOFTWARE"] = "gatehouse",
            ["SERVER_PROTOCOL"] = "HTTP/1.1",
            ["SERVER_SIGNATURE"] = "",
            ["SERVER_ADMIN"] = "",
            ["SERVER_NAME"] = "test.example",
            ["SERVER_PORT"] = $"{cgi.Served.Port}",
            ["SERVER_ADDR"] = "127.0.0.1",
            ["REQUEST_SCHEME"] = "http",
            ["REMOTE_ADDR"] = "127.0.0.1",
            ["REMOTE_HOST"] = "127.0.0.1",
            ["REQUEST_METHOD"] = "GET",
            ["QUERY_STRING"] = "x=1&y=%20",
            ["REQUEST_URI"] = "/cgi-bin/sub/deep/env.sh/a%20b/c?x=1&y=%20",
            ["DOCUMENT_URI"] = "/cgi-bin/sub/deep/env.sh/a b/c",
            ["SCRIPT_NAME"] = "/cgi-bin/sub/deep/env.sh",
            ["PATH_INFO"] = "/a b/c",
            ["PATH_TRANSLATED"] = $"{root}/a b/c",
            ["DOCUMENT_ROOT"] = root,
            ["SCRIPT_FILENAME"] = $"{root}/sub/deep/env.sh",
            ["REDIRECT_STATUS"] = "200",
            ["HTTP_HOST"] = "test.example",
            ["HTTP_X_ONE"] = "1",
            ["HTTP_COOKIE"] = "a=b; c=d",
            ["HTTP_REFERER"] = "http://r/",
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
        };
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), seen.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void The_route_may_say_more()
    {
        var text = cgi.Served.Get("/few/env.sh").Text;
        Assert.Contains("\nPATH=/bin\n", text, StringComparison.Ordinal);
        Assert.Contains("\nEXTRA=more\n", text, StringComparison.Ordinal);
        Assert.Contains("\nSERVER_ADMIN=me@example.com\n", text, StringComparison.Ordinal);
        Assert.Contains("\nPATH_INFO=\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("PATH_TRANSLATED", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/cgi-bin/echo.py", 0)]
    [InlineData("/cgi-bin/echo.py", 5)]
    [InlineData("/cgi-bin/echo.py", 3_000_000)]
    [InlineData("/streamed/echo.py", 3_000_000)]
    public void Bodies_arrive_whole(string target, int length)
    {
        var body = Noise.Bytes(length);
        Assert.Equal($"{length} {Convert.ToHexStringLower(SHA256.HashData(body))} {length}", cgi.Served.Send("POST", target, body).Text);
    }

    [Theory]
    [InlineData("/cgi-bin/cat.sh")]
    [InlineData("/streamed/cat.sh")]
    public void A_script_that_answers_while_it_reads_does_not_hang(string target)
    {
        var body = Noise.Bytes(6_000_000);
        Noise.AssertSame(body, cgi.Served.Send("POST", target, body).Body);
    }

    [Theory]
    [InlineData("/cgi-bin/deaf.sh")]
    [InlineData("/streamed/deaf.sh")]
    public void A_script_need_not_read_its_input(string target) =>
        Assert.Equal("heard nothing", cgi.Served.Send("POST", target, Noise.Bytes(200_000)).Text);

    [Fact]
    public void What_a_script_writes_is_sent_at_once()
    {
        using var client = cgi.Served.Connect();
        var started = Stopwatch.GetTimestamp();
        client.Send(Served.Head("GET", "/cgi-bin/slow.sh"));
        client.ReadThrough("part 0\n"u8);
        var first = Stopwatch.GetElapsedTime(started);
        client.ReadThrough("part 2\n"u8);
        Assert.InRange(Stopwatch.GetElapsedTime(started) - first, TimeSpan.FromMilliseconds(150), Served.Patience);
    }

    [Fact]
    public void Non_parsed_headers_are_the_scripts_own()
    {
        var answer = cgi.Served.Get("/cgi-bin/nph-hello.pl");
        Assert.Equal((203, "yes", "own/1", "raw"), (answer.Status, answer["X-Nph"], answer["Server"], answer.Text));
        // The log lets ten lines of this kind through in a second, and the tests before may have used them up.
        Thread.Sleep(1100);
        Assert.Equal(502, cgi.Served.Get("/cgi-bin/nph-wrong.sh").Status);
        cgi.Served.Process.WaitForOutput("sends a status line (nph-), and it sent none");
    }

    [Fact]
    public void Status_and_fields_are_the_scripts_and_the_connection_is_the_servers()
    {
        using var client = cgi.Served.Connect();
        for (var i = 0; i < 3; i++)
        {
            client.Send(Served.Head("GET", "/cgi-bin/status.pl"));
            var answer = client.ReadResponse();
            Assert.Equal((418, "teapot", "1"), (answer.Status, answer.Text, answer["X-Own"]));
            client.Send(Served.Head("HEAD", "/cgi-bin/status.pl"));
            Assert.Equal((418, "6"), client.ReadResponse(toHead: true) is var head ? (head.Status, head["Content-Length"]!) : default);
        }
    }

    [Fact]
    public void Redirects_are_local_or_the_clients()
    {
        var local = cgi.Served.Send("POST", "/cgi-bin/local.sh", "body"u8);
        Assert.Equal((200, "a static page\n"), (local.Status, local.Text));
        Assert.Null(local["Location"]);
        var client = cgi.Served.Get("/cgi-bin/client.sh");
        Assert.Equal((302, "https://example.com/"), (client.Status, client["Location"]));
        var created = cgi.Served.Get("/cgi-bin/created.sh");
        Assert.Equal((201, "/static/page.txt", "made"), (created.Status, created["Location"], created.Text));
    }

    [Theory]
    [InlineData("/cgi-bin/none.sh", 404)]
    [InlineData("/cgi-bin/", 404)]
    [InlineData("/cgi-bin/sub", 404)]
    [InlineData("/cgi-bin/sub/deep/", 404)]
    [InlineData("/cgi-bin/sub/none/env.sh", 404)]
    [InlineData("/cgi-bin/plain.txt", 403)]
    [InlineData("/cgi-bin/plain.txt/more", 403)]
    [InlineData("/cgi-bin/link.sh", 404)]
    [InlineData("/cgi-bin/../outside.sh", 404)]
    [InlineData("/cgi-bin/..%2foutside.sh", 404)]
    [InlineData("/missing/x.sh", 503)]
    public void Only_executable_files_inside_the_folder_are_run(string target, int status) => Assert.Equal(status, cgi.Served.Get(target).Status);

    [Theory]
    [InlineData("/cgi-bin/silent.sh", 502, "before the first byte")]
    [InlineData("/cgi-bin/garbage.sh", 502, "not 'name: value'")]
    [InlineData("/cgi-bin/short.sh", 502, "5 bytes before the length")]
    [InlineData("/cgi-bin/no-shebang", 503, "cannot be started")]
    public void Failures_say_which_step_failed(string target, int status, string why)
    {
        using var client = cgi.Served.Connect();
        client.Send(Served.Head("GET", target, "Connection: close"));
        var bytes = System.Text.Encoding.Latin1.GetString(client.ReadToEnd(allowReset: true));
        // The end of a short answer may come in time to be told, or behind its beginning.
        if (target != "/cgi-bin/short.sh" || !bytes.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            Assert.StartsWith($"HTTP/1.1 {status}", bytes, StringComparison.Ordinal);
        if (!bytes.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)) cgi.Served.Process.WaitForOutput(why);
    }

    [Fact]
    public void The_log_has_what_scripts_complain_of_and_how_they_ended()
    {
        Assert.Equal("ok", cgi.Served.Get("/cgi-bin/complain.sh").Text);
        cgi.Served.Process.WaitForOutput("/cgi-bin/complain.sh: a complaint");
        cgi.Served.Process.WaitForOutput("/cgi-bin/complain.sh: ended with exit code 3");
    }

    [Fact]
    public void A_script_that_takes_too_long_is_ended_with_all_that_it_started()
    {
        Assert.Equal(504, cgi.Served.Get("/impatient/sleepers.sh/by-timeout").Status);
        cgi.Served.Process.WaitForOutput("sent no answer within 0.5 s");
        AssertEnded("by-timeout");
    }

    [Fact]
    public void A_script_whose_client_went_away_is_ended_with_all_that_it_started()
    {
        var client = cgi.Served.Connect();
        client.Send(Served.Head("GET", "/cgi-bin/sleepers.sh/by-client"));
        Served.Eventually(() => File.Exists(cgi.Served.Folder["cgi-bin/by-client"]) && File.ReadAllText(cgi.Served.Folder["cgi-bin/by-client"]).EndsWith('\n'), "the script runs");
        client.Reset();
        AssertEnded("by-client");
    }

    [Fact]
    public void Scripts_beyond_the_bound_are_answered_503()
    {
        using var first = cgi.Served.Connect();
        first.Send(Served.Head("GET", "/few/slow.sh"));
        first.ReadThrough("part 0\n"u8);
        Assert.Equal(503, cgi.Served.Get("/few/env.sh").Status);
        first.ReadThrough("part 2\n"u8);
        Served.Eventually(() => cgi.Served.Get("/few/env.sh").Status == 200, "a place is free again");
    }

    [Fact]
    public void No_descriptor_and_no_process_is_left()
    {
        cgi.Served.Get("/cgi-bin/deaf.sh");
        Served.Eventually(() => Children() == 0, "scripts of other tests have ended");
        var before = cgi.Served.OpenDescriptors;
        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            Assert.Equal(200, cgi.Served.Send("POST", i % 2 == 0 ? "/cgi-bin/deaf.sh" : "/cgi-bin/cat.sh", Noise.Bytes(i * 1000)).Status));
        Served.Eventually(() => Children() == 0 && cgi.Served.OpenDescriptors <= before, "nothing is left");
    }

    // Each thread has children of its own.
    private int Children() => Directory.GetDirectories($"/proc/{cgi.Served.Process.Id}/task")
        .Sum(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);

    private void AssertEnded(string name)
    {
        var ids = File.ReadAllText(cgi.Served.Folder[$"cgi-bin/{name}"]).Trim().Split(' ');
        Assert.Equal(2, ids.Length);
        Served.Eventually(() => ids.All(id => !Directory.Exists($"/proc/{id}") || File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal)), $"processes {string.Join(' ', ids)} have ended");
    }
}
