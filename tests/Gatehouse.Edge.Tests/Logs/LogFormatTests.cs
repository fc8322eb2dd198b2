using System.Text;
using System.Text.Json;
using CsCheck;
using Gatehouse.Edge.Logs;
using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Logs;

public class LogFormatTests
{
    private static readonly DateTime Now = new(2026, 10, 5, 13, 5, 6, 78, DateTimeKind.Utc);

    [Fact]
    public void Combined_is_what_everyone_parses()
    {
        var exchange = new FakeExchange("GET", "/a?b=c", ("Host", "example.com"), ("Referer", "http://x/"), ("User-Agent", "curl/8.0"));
        exchange.Response.Status = 404;
        exchange.Response.BodyBytes = 1234;
        Assert.Equal(
            "192.0.2.1 - - [05/Oct/2026:13:05:06 +0000] \"GET /a?b=c HTTP/1.1\" 404 1234 \"http://x/\" \"curl/8.0\"\n",
            Line(LogFormat.Combined, exchange));
        exchange.Restart("POST", "*");
        exchange.Notes.User = "ann";
        Assert.Equal("192.0.2.1 - ann [05/Oct/2026:13:05:06 +0000] \"POST * HTTP/1.1\" 200 0 \"-\" \"-\"\n", Line(LogFormat.Combined, exchange));
    }

    [Fact]
    public void Json_has_what_there_is_and_no_more()
    {
        var exchange = new FakeExchange("PUT", "/ü\"\\", ("Host", "example.com:8080"), ("User-Agent", "a\tb"));
        exchange.Notes.User = "Jörg";
        exchange.Notes.Upstream = "127.0.0.1:9001";
        exchange.Notes.UpstreamStatus = 502;
        exchange.Notes.UpstreamTries = 2;
        exchange.Notes.UpstreamTicks = System.Diagnostics.Stopwatch.Frequency / 2;
        exchange.Response.Status = 502;
        var root = JsonDocument.Parse(Line(LogFormat.Json, exchange)).RootElement;
        Assert.Equal("2026-10-05T13:05:06.078Z", root.GetProperty("time").GetString());
        Assert.Equal("192.0.2.1", root.GetProperty("client").GetString());
        Assert.Equal("Jörg", root.GetProperty("user").GetString());
        Assert.Equal("PUT", root.GetProperty("method").GetString());
        Assert.Equal("example.com", root.GetProperty("host").GetString());
        Assert.Equal("a\tb", root.GetProperty("user_agent").GetString());
        Assert.Equal("/\ufffd\"\\", root.GetProperty("target").GetString());
        Assert.Equal(502, root.GetProperty("status").GetInt32());
        Assert.Equal(0.5, root.GetProperty("upstream_duration").GetDouble());
        Assert.Equal(2, root.GetProperty("upstream_tries").GetInt32());
        Assert.False(root.TryGetProperty("referer", out _));
        Assert.False(root.TryGetProperty("request_id", out _));
    }

    [Fact]
    public void A_template_takes_text_variables_fields_and_dollar_signs()
    {
        var exchange = new FakeExchange("GET", "/x?y", ("X-One", "1"));
        exchange.Response.Headers.Add("X-Two"u8, "2"u8);
        exchange.Response.Headers.Add(KnownHeader.ContentEncoding, "gzip"u8);
        Assert.Equal(
            "$5 GET-200x 1 2 - gzip y http 1791205506.078 ü\n",
            Line(Parse("$$5 $method-${status}x ${header:x-one} ${response-header:X-TWO} ${header:none} $encoding $query $scheme $time-unix ü"), exchange));
    }

    [Fact]
    public void A_template_that_begins_with_a_brace_is_JSON()
    {
        var exchange = new FakeExchange("GET", "/", ("User-Agent", "a\"b\u00e9"));
        var root = JsonDocument.Parse(Line(Parse("{\"agent\":\"$user-agent\",\"user\":\"$user\",\"status\":$status}"), exchange)).RootElement;
        Assert.Equal("a\"b\ufffd", root.GetProperty("agent").GetString());
        Assert.Equal("", root.GetProperty("user").GetString());
    }

    [Theory]
    [InlineData("$clinet", "unknown variable '$clinet'; did you mean '$client'?")]
    [InlineData("${staus}", "unknown variable '$staus'; did you mean '$status'?")]
    [InlineData("$http_user_agent", "found the unknown variable '$http_user_agent'")]
    [InlineData("cost: 5$", "'$' at column 8")]
    [InlineData("${client", "without its closing brace")]
    [InlineData("${header:}", "expected the name of a field")]
    [InlineData("${header:a b}", "expected the name of a field")]
    [InlineData("$client\n", "line break")]
    [InlineData("combine", "expected combined, json, or a template")]
    public void Faults_say_what_was_meant(string text, string expected)
    {
        Assert.False(LogFormat.TryParse(text, out _, out var fault));
        Assert.Contains(expected, fault);
    }

    [Fact]
    public void Templates_are_bounded()
    {
        Assert.False(LogFormat.TryParse(string.Concat(Enumerable.Repeat("$client", 129)), out _, out var fault));
        Assert.Contains("129 variables", fault);
        Assert.False(LogFormat.TryParse("$client" + new string('x', 9000), out _, out fault));
        Assert.Contains("at most 8192", fault);
    }

    [Fact]
    public void Every_documented_variable_can_be_written()
    {
        var exchange = new FakeExchange("GET", "/", ("Host", "h"));
        foreach (var (name, meaning) in LogVariables.All)
        {
            Assert.NotEmpty(meaning);
            Assert.NotEqual("\n", Line(Parse("${" + name.Replace("NAME", "Host") + "}"), exchange));
        }
    }

    [Fact]
    public void Unix_and_IPv6_peers_have_names()
    {
        var exchange = new FakeExchange { Remote = new Endpoint(IpAddress.FromV6(0x20010db800000000, 1), 443) };
        exchange.Restart();
        Assert.Equal("2001:db8::1 443 [2001:db8::1]:443\n", Line(Parse("$client $client-port $remote"), exchange));
        exchange.Remote = new Endpoint("/run/x.sock");
        exchange.Restart();
        Assert.Equal("unix: -\n", Line(Parse("$client $client-port"), exchange));
    }

    [Fact]
    public void Nothing_a_client_sends_can_end_a_line_or_a_quoted_value() =>
        Gen.OneOf(Gen.Byte, Gen.OneOf("\"\\\n\r \u0085".Select(c => (byte)c).ToArray())).Array[0, 60].Sample(bytes =>
        {
            var hostile = Encoding.Latin1.GetString(bytes);
            var exchange = new FakeExchange("GET", "/" + hostile, ("Referer", hostile), ("User-Agent", hostile));
            exchange.Notes.User = hostile;
            var line = Line(LogFormat.Combined, exchange);
            Assert.Equal(line.Length - 1, line.IndexOf('\n'));
            Assert.Equal(6, line.Count(c => c == '"'));
            Assert.DoesNotContain(line[..^1], c => c is < ' ' or > '~');
            var json = Line(LogFormat.Json, exchange);
            Assert.Equal(json.Length - 1, json.IndexOf('\n'));
            var root = JsonDocument.Parse(json).RootElement;
            Assert.Equal(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes("/" + hostile)), root.GetProperty("target").GetString());
        });

    [Theory]
    [InlineData('a')]
    [InlineData('"')]
    [InlineData('\u00e9')]
    [InlineData('\u0001')]
    public void Values_of_any_length_fit_and_are_cut(char filler)
    {
        var huge = new string(filler, 100_000);
        var exchange = new FakeExchange("GET", "/" + huge, ("Host", huge), ("Referer", huge), ("User-Agent", huge));
        exchange.Notes.User = exchange.Notes.Route = exchange.Notes.Failure = exchange.Notes.Upstream = huge;
        Assert.InRange(Line(LogFormat.Combined, exchange).Length, 5000, LogFormat.MaxLine);
        Assert.Contains("...\"", Line(LogFormat.Combined, exchange));
        var json = Line(LogFormat.Json, exchange);
        Assert.EndsWith("...", JsonDocument.Parse(json).RootElement.GetProperty("target").GetString());
        var many = Parse(string.Concat(Enumerable.Repeat("$request", 128)));
        Assert.InRange(Line(many, exchange).Length, 1000, LogFormat.MaxLine);
    }

    private static LogFormat Parse(string text) => LogFormat.TryParse(text, out var format, out var fault) ? format : throw new FormatException(fault);

    private static string Line(LogFormat format, Exchange exchange)
    {
        var room = new byte[LogFormat.MaxLine];
        var length = format.Write(room, new LogEntry(exchange, System.Diagnostics.Stopwatch.GetTimestamp(), Now));
        return Encoding.UTF8.GetString(room, 0, length);
    }
}
