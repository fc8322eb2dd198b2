using System.Text;
using Gatehouse.Edge.Compression;
using Gatehouse.Edge.Errors;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Http;
using Gatehouse.Http.Settings;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Errors;

public sealed class ErrorsHandlerTests
{
    [Theory]
    [InlineData(404, "not here")]
    [InlineData(403, "any 4xx")]
    [InlineData(499, "any 4xx")]
    [InlineData(502, "any 5xx")]
    public void A_page_stands_for_an_error_without_a_body(int status, string expected)
    {
        using var server = Serve(Inner.Fails(status), ("404", Page("not here")), ("5xx", Page("any 5xx")), ("4xx", Page("any 4xx")));
        var response = server.Get("/");
        Assert.Equal((status, expected, "text/html; charset=utf-8"), (response.Status, response.Text, response["Content-Type"]));
        Assert.Equal(expected.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), response["Content-Length"]);
    }

    [Fact]
    public void Other_errors_keep_the_page_of_the_server()
    {
        using var server = Serve(Inner.Fails(503), ("404", Page("mine")));
        var response = server.Get("/");
        Assert.Equal(503, response.Status);
        Assert.Contains("503 Service Unavailable", response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Head_has_the_length_and_no_body_and_the_connection_goes_on()
    {
        using var server = Serve(Inner.Fails(404), ("404", Page("not here")));
        using var client = server.Connect();
        for (var i = 0; i < 3; i++)
        {
            client.Send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            var response = client.ReadResponse(toHead: true);
            Assert.Equal((404, "8"), (response.Status, response["Content-Length"]));
            client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.Equal("not here", client.ReadResponse().Text);
        }
    }

    [Fact]
    public void What_a_handler_throws_gets_its_page_too()
    {
        var inner = new Inner(exchange =>
            throw (exchange.Request.Path.SequenceEqual("/bad"u8) ? new BadRequestException(413, "x") : new InvalidOperationException("boom")));
        using var server = Serve(inner, ("500", Page("sorry")), ("413", Page("too much")));
        Assert.Equal((500, "sorry"), Answer(server.Get("/")));
        Assert.Equal((413, "too much"), Answer(server.Get("/bad")));
        Assert.Contains("boom", server.Refused);
    }

    [Fact]
    public void The_status_can_be_another()
    {
        using var server = Serve(Inner.Fails(502), ("502", new ErrorPageConfig { Body = "{}", Type = "application/json", Status = 503 }));
        var response = server.Get("/");
        Assert.Equal((503, "{}", "application/json"), (response.Status, response.Text, response["Content-Type"]));
    }

    [Fact]
    public void Fields_of_the_error_stay()
    {
        using var server = Serve(new Inner(exchange =>
        {
            exchange.Response.Status = 401;
            exchange.Response.Headers.Add("WWW-Authenticate"u8, "Basic realm=\"x\""u8);
            return default;
        }), ("401", Page("who?")));
        var response = server.Get("/");
        Assert.Equal(("who?", "Basic realm=\"x\""), (response.Text, response["WWW-Authenticate"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_body_of_an_upstream_is_replaced_only_when_asked(bool intercept)
    {
        var inner = new Inner(async exchange =>
        {
            exchange.Response.Status = 502;
            exchange.Response.Headers.Add("Content-Type"u8, "text/plain"u8);
            exchange.Response.Headers.Add("Content-Encoding"u8, "br"u8);
            exchange.Response.Headers.Add("ETag"u8, "\"a\""u8);
            exchange.Response.Headers.Add("X-Trace"u8, "1"u8);
            for (var i = 0; i < 3; i++)
                await exchange.WriteAsync("part "u8.ToArray());
            await exchange.CompleteAsync();
        });
        using var server = Serve(inner, ("5xx", new ErrorPageConfig { Body = "sorry", Intercept = intercept }));
        using var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        for (var i = 0; i < 2; i++)
        {
            var response = client.ReadResponse();
            Assert.Equal((502, intercept ? "sorry" : "part part part ", "1"), (response.Status, response.Text, response["X-Trace"]));
            var fields = (response["Content-Encoding"], response["ETag"], response["Content-Length"]);
            Assert.Equal(intercept ? (null, null, "5") : ("br", "\"a\"", null), fields);
        }
    }

    [Fact]
    public void A_page_comes_before_the_body_that_it_replaces_has_ended()
    {
        var end = new TaskCompletionSource();
        var inner = new Inner(async exchange =>
        {
            exchange.Response.Status = 500;
            await exchange.WriteAsync("endless"u8.ToArray());
            await end.Task;
            await exchange.CompleteAsync();
        });
        using var server = Serve(inner, ("500", new ErrorPageConfig { Body = "sorry", Intercept = true }));
        Assert.Equal((500, "sorry"), Answer(server.Get("/")));
        end.SetResult();
    }

    [Fact]
    public void A_good_answer_is_left_alone()
    {
        var page = new ErrorPageConfig { Body = "x", Intercept = true };
        using var server = Serve(Inner.Says("fine"), ("4xx", page), ("5xx", page));
        Assert.Equal((200, "fine"), Answer(server.Get("/")));
    }

    [Fact]
    public void A_large_page_is_compressed_where_the_route_compresses()
    {
        var page = string.Concat(Enumerable.Repeat("<p>sorry</p>\n", 500));
        using var server = new EdgeServer(new CompressFeature().Wrap(new CompressConfig(), Wrap(Inner.Fails(404), ("404", Page(page))), Reading.Context())!);
        var plain = server.Get("/");
        var coded = server.Get("/", "Accept-Encoding: gzip\r\n");
        Assert.Equal(page, plain.Text);
        Assert.Equal("gzip", coded["Content-Encoding"]);
        using var unzipped = new System.IO.Compression.GZipStream(new MemoryStream(coded.Body), System.IO.Compression.CompressionMode.Decompress);
        Assert.Equal(page, new StreamReader(unzipped, Encoding.UTF8).ReadToEnd());
    }

    [Fact]
    public void Pages_come_from_files()
    {
        using var folder = new TempFolder();
        var page = new ErrorPageConfig { File = new FilePath(folder.Write("404.json", "{\"error\":404}")) };
        using var server = Serve(Inner.Fails(404), ("404", page));
        var response = server.Get("/");
        Assert.Equal(("{\"error\":404}", "application/json; charset=utf-8"), (response.Text, response["Content-Type"]));
    }

    [Fact]
    public void Faults_are_told()
    {
        using var folder = new TempFolder();
        var large = folder.Write("large.html", new byte[(1024 * 1024) + 1]);
        var faults = new Faults();
        new ErrorsFeature().Validate(
            new Dictionary<string, ErrorPageConfig>
            {
                ["404"] = Page("x"),
                ["4xx"] = Page("x"),
                ["399"] = Page("x"),
                ["600"] = Page("x"),
                ["3xx"] = Page("x"),
                ["4XX"] = Page("x"),
                ["0404"] = Page("x"),
                ["all"] = Page("x"),
                ["500"] = new() { File = new FilePath(folder["missing.html"]) },
                ["501"] = new() { File = new FilePath(large) },
            },
            faults);
        Assert.Equal(["399", "600", "3xx", "4XX", "all", "500", "501"], faults.Settings);
        Assert.Contains("cannot be read", faults.All[5].Message, StringComparison.Ordinal);
        Assert.Contains("1048577 bytes", faults.All[6].Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => Wrap(Inner.Fails(404), ("500", new ErrorPageConfig { File = new FilePath(folder["missing.html"]) })));
        Assert.Null(new ErrorsFeature().Wrap(new Dictionary<string, ErrorPageConfig>(), Inner.Fails(404), Reading.Context()));
    }

    [Theory]
    [InlineData(null, null, null, null, "")]
    [InlineData("/a", "x", null, null, "")]
    [InlineData(null, "x", "a\r\nb", null, "type")]
    [InlineData(null, "x", "", null, "type")]
    [InlineData(null, "x", null, 204, "status")]
    [InlineData(null, "x", null, 304, "status")]
    public void A_page_is_a_file_or_a_text(string? file, string? body, string? type, int? status, string setting)
    {
        var config = new ErrorPageConfig { File = file is null ? null : new FilePath(file), Body = body, Type = type, Status = status };
        Assert.Equal([setting], Faults.Of(config).Settings);
    }

    private static (int Status, string Text) Answer(RawResponse response) => (response.Status, response.Text);

    private static ErrorPageConfig Page(string body) => new() { Body = body };

    private static IHandler Wrap(IHandler inner, params (string Key, ErrorPageConfig Page)[] pages) =>
        new ErrorsFeature().Wrap(pages.ToDictionary(page => page.Key, page => page.Page), inner, Reading.Context())!;

    private static EdgeServer Serve(IHandler inner, params (string Key, ErrorPageConfig Page)[] pages) => new(Wrap(inner, pages));
}
