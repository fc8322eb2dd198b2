using System.Text;
using System.Text.Json;

namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>PEP 3333 against the built program: what applications may do, and what they are told.</summary>
public sealed class WsgiTests : IClassFixture<WsgiTests.Server>
{
    private readonly Served _served;

    public WsgiTests(Server server) => _served = server.Served;

    [Theory]
    [InlineData("lecture:web_app", "Welcome to the machine\n")]
    [InlineData("lecture:WebApp", "Have a cigar\n")]
    [InlineData("lecture:validated()", "Welcome to the machine\n")]
    [InlineData("lecture:validated_class()", "Have a cigar\n")]
    [InlineData("lecture:generator", "Wish you were here\n")]
    public void The_lectures_applications_run_alone_and_under_the_validator(string app, string expected)
    {
        using var served = Application.Start(app, "workers: 1");
        for (var i = 0; i < 3; i++)
        {
            var answer = served.Get("/some/path?a=b");
            Assert.Equal(200, answer.Status);
            Assert.Equal(expected, answer.Text);
            Assert.Equal("text/plain", answer["Content-Type"]);
        }
    }

    [Fact]
    public void The_environ_is_the_lectures_key_by_key()
    {
        using var client = _served.Connect();
        client.Send($"GET /environ HTTP/1.1\r\nHost: 127.0.0.1:{_served.Port}\r\nUser-Agent: curl/7.68.0\r\nAccept: */*\r\n\r\n");
        var environ = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(client.ReadResponse().Text)!;
        var local = (System.Net.IPEndPoint)client.Socket.LocalEndPoint!;
        var expected = new Dictionary<string, string>
        {
            ["wsgi.errors"] = "TextIOWrapper",
            ["wsgi.version"] = "[1, 0]",
            ["wsgi.multithread"] = "False",
            ["wsgi.multiprocess"] = "True",
            ["wsgi.run_once"] = "False",
            ["wsgi.file_wrapper"] = "type",
            ["wsgi.input_terminated"] = "True",
            ["wsgi.input"] = "BytesIO",
            ["wsgi.url_scheme"] = "http",
            ["SERVER_SOFTWARE"] = "Gatehouse/0.1.0",
            ["REQUEST_METHOD"] = "GET",
            ["QUERY_STRING"] = "",
            ["RAW_URI"] = "/environ",
            ["SERVER_PROTOCOL"] = "HTTP/1.1",
            ["HTTP_HOST"] = $"127.0.0.1:{_served.Port}",
            ["HTTP_USER_AGENT"] = "curl/7.68.0",
            ["HTTP_ACCEPT"] = "*/*",
            ["REMOTE_ADDR"] = "127.0.0.1",
            ["REMOTE_PORT"] = local.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["SERVER_NAME"] = "127.0.0.1",
            ["SERVER_PORT"] = _served.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["PATH_INFO"] = "/environ",
            ["SCRIPT_NAME"] = "",
        };
        Assert.Equal(expected.OrderBy(pair => pair.Key), environ.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString())).OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Fields_and_path_arrive_as_PEP_3333_says()
    {
        using var client = _served.Connect();
        client.Send("POST /environ?x=%20y HTTP/1.0\r\nHost: h\r\nContent-Type: text/x\r\nContent-Length: 3\r\nCookie: a=1\r\nX-Two: 1\r\nCookie: b=2\r\nx-two: 2\r\n"
            + "Proxy: http://evil\r\nX_Under: 1\r\nX-Lat: \u00e4\r\n\r\nabc");
        var environ = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(client.ReadResponse().Text)!;
        Assert.Equal("text/x", environ["CONTENT_TYPE"].GetString());
        Assert.Equal("3", environ["CONTENT_LENGTH"].GetString());
        Assert.Equal("a=1; b=2", environ["HTTP_COOKIE"].GetString());
        Assert.Equal("1, 2", environ["HTTP_X_TWO"].GetString());
        Assert.Equal("x=%20y", environ["QUERY_STRING"].GetString());
        Assert.Equal("HTTP/1.0", environ["SERVER_PROTOCOL"].GetString());
        Assert.Equal("\u00e4", environ["HTTP_X_LAT"].GetString());
        Assert.DoesNotContain("HTTP_PROXY", environ.Keys);
        Assert.DoesNotContain("HTTP_X_UNDER", environ.Keys);
        Assert.DoesNotContain("HTTP_CONTENT_LENGTH", environ.Keys);
        Assert.DoesNotContain("HTTP_CONTENT_TYPE", environ.Keys);
    }

    [Fact]
    public void A_prefix_becomes_SCRIPT_NAME_and_the_path_is_decoded()
    {
        using var served = Application.Start("cases:environ", "workers: 1, strip: /app");
        var environ = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(served.Get("/app/caf%C3%A9/x").Text)!;
        Assert.Equal("/app", environ["SCRIPT_NAME"].GetString());
        Assert.Equal("/caf\u00c3\u00a9/x", environ["PATH_INFO"].GetString());
        environ = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(served.Get("/other").Text)!;
        Assert.Equal("", environ["SCRIPT_NAME"].GetString());
        Assert.Equal("/other", environ["PATH_INFO"].GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32 * 1024)]
    [InlineData((32 * 1024) + 1)]
    [InlineData(1_000_000)]
    public void A_body_comes_back_as_it_was(int length)
    {
        var body = new byte[length];
        new Random(length).NextBytes(body);
        var answer = _served.Send("POST", "/echo", body);
        Assert.Equal(200, answer.Status);
        Assert.Equal(body, answer.Body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_chunked_body_is_read_to_its_end(bool buffers)
    {
        using var served = Application.Start("cases", $"workers: 1, buffer: {(buffers ? "on" : "off")}");
        using var client = served.Connect();
        client.Send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        Thread.Sleep(100);
        client.Send("6\r\n world\r\n0\r\n\r\n");
        Assert.Equal("hello world", client.ReadResponse().Text);
        var body = new byte[300_000];
        Array.Fill(body, (byte)'\n');
        client.Send($"POST /lines HTTP/1.1\r\nHost: h\r\nContent-Length: {body.Length}\r\n\r\n");
        client.Send(body);
        Assert.Equal("300000", client.ReadResponse().Text);
    }

    [Theory]
    [InlineData("/write", 200, "one two three")]
    [InlineData("/empty", 204, "")]
    [InlineData("/304", 304, "")]
    [InlineData("/replaced", 503, "sorry")]
    [InlineData("/more", 200, "four")]
    [InlineData("/nothing", 404, "no such case")]
    public void Ways_to_answer(string path, int status, string text)
    {
        var answer = _served.Get(path);
        Assert.Equal(status, answer.Status);
        Assert.Equal(text, answer.Text);
        Assert.Null(answer["X-First"]);
    }

    [Fact]
    public void Large_and_streamed_answers_arrive_whole()
    {
        Assert.Equal(16 * 65536 * 4, _served.Get("/big").Body.Length);
        var answer = _served.Get("/stream?50000");
        Assert.Equal(string.Concat(Enumerable.Range(0, 50000).Select(i => $"{i}\n")), answer.Text);
        Assert.Contains("/stream", _served.Get("/closed").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_sent_with_its_length()
    {
        var file = File.ReadAllBytes(Path.Combine(Application.Folder, "cases.py"));
        var answer = _served.Get("/file");
        Assert.Equal(file, answer.Body);
        Assert.Equal(file.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), answer["Content-Length"]);
    }

    [Fact]
    public void HEAD_has_the_head_alone()
    {
        using var client = _served.Connect();
        foreach (var path in (string[])["/echo", "/big", "/file", "/stream?10"])
        {
            client.Send(Served.Head("HEAD", path));
            var answer = client.ReadResponse(toHead: true);
            Assert.Equal(200, answer.Status);
            Assert.Empty(answer.Body);
        }
        client.Send(Served.Head("GET", "/closed"));
        Assert.Equal(200, client.ReadResponse().Status);
    }

    [Fact]
    public void The_clients_scheme_and_address_follow_trust_only()
    {
        string[] fields = ["X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https"];
        var environ = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(_served.Get("/environ", fields).Text)!;
        Assert.Equal("127.0.0.1", environ["REMOTE_ADDR"].GetString());
        Assert.Equal("http", environ["wsgi.url_scheme"].GetString());
        using var trusting = Served.Start("trust: [127.0.0.1/32]\n" + Application.Yaml("cases", "workers: 1"));
        environ = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(trusting.Get("/environ", fields).Text)!;
        Assert.Equal("192.0.2.7", environ["REMOTE_ADDR"].GetString());
        Assert.Equal("https", environ["wsgi.url_scheme"].GetString());
    }

    [Fact]
    public void Requests_sent_at_once_over_one_connection_are_answered_in_order()
    {
        using var client = _served.Connect();
        var wire = new StringBuilder();
        for (var i = 0; i < 50; i++)
            wire.Append(Served.Head("GET", $"/environ?{i}"));
        client.Send(wire.ToString());
        for (var i = 0; i < 50; i++)
            Assert.Contains($"\"QUERY_STRING\": \"{i}\"", client.ReadResponse().Text, StringComparison.Ordinal);
    }

    /// <summary>One server for the tests that leave it as it was.</summary>
    public sealed class Server : IDisposable
    {
        public Served Served { get; } = Application.Start("cases", "workers: {count: 1, max: 2}");

        public void Dispose() => Served.Dispose();
    }
}
