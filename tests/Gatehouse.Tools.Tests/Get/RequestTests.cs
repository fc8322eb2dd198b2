using System.Text.Json;
using Gatehouse.Tools.Get;

namespace Gatehouse.Tools.Tests.Get;

/// <summary>Requests are what the options and short forms say; httpbin shows them.</summary>
public sealed class RequestTests(BinServer server) : IClassFixture<BinServer>
{
    [Fact]
    public void Short_forms_make_JSON()
    {
        var got = Got.Run($":{server.Port}/post", "name=Ada", "age:=36", "tags:=[\"a\"]", "X-Key: secret", "q==x y", "empty=", "url=http://a:1/=");
        Assert.Equal(0, got.Code);
        var json = got.Json.GetProperty("json");
        Assert.Equal("""{"name":"Ada","age":36,"tags":["a"],"empty":"","url":"http://a:1/="}""", got.Json.GetProperty("data").GetString());
        Assert.Equal(36, json.GetProperty("age").GetInt32());
        Assert.Equal("x y", got.Json.GetProperty("args").GetProperty("q").GetString());
        Assert.Equal("secret", Header(got, "X-Key"));
        Assert.Equal("application/json", Header(got, "Content-Type"));
        Assert.Equal("PUT", Got.Run("PUT", $"{server.Url}/anything", "a=b").Json.GetProperty("method").GetString());
        Assert.Equal(CurlCode.Usage, Got.Run($"{server.Url}/post", "a:={").Code);
    }

    [Fact]
    public void Data_is_a_form()
    {
        using var folder = new TempFolder();
        folder.Write("data", "x=1\n2");
        var got = Get(new() { Words = [$"{server.Url}/post"], Data = ["a=b", $"@{folder["data"]}"], DataRaw = ["c=@d"], DataUrlEncode = ["e=f g&", "=h i", $"j@{folder["data"]}"] });
        var form = got.Json.GetProperty("form");
        Assert.Equal("b", form.GetProperty("a").GetString());
        Assert.Equal("12", form.GetProperty("x").GetString());
        Assert.Equal("@d", form.GetProperty("c").GetString());
        Assert.Equal("f g&", form.GetProperty("e").GetString());
        Assert.Equal("x=1\n2", form.GetProperty("j").GetString());
        var query = Get(new() { Words = [$"{server.Url}/get?z=0"], Data = ["a=b"], DataInQuery = true });
        Assert.EndsWith("/get?z=0&a=b", query.Json.GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_uploaded()
    {
        using var folder = new TempFolder();
        folder.Write("note.txt", "hello");
        var form = Get(new() { Words = [$"{server.Url}/post"], Form = ["a=b", $"f=@{folder["note.txt"]};type=text/x-note", $"g=<{folder["note.txt"]}"] });
        Assert.Equal("hello", form.Json.GetProperty("files").GetProperty("f").GetString());
        Assert.Equal("hello", form.Json.GetProperty("form").GetProperty("g").GetString());
        var put = Get(new() { Words = [$"{server.Url}/put"], Upload = folder["note.txt"] });
        Assert.Equal("hello", put.Json.GetProperty("data").GetString());
        Assert.Equal("hello", Get(new() { Words = [$"{server.Url}/post"], DataBinary = [$"@{folder["note.txt"]}"], Headers = ["Content-Type: text/plain"] }).Json.GetProperty("data").GetString());
    }

    [Fact]
    public void Fields_are_sent_as_asked()
    {
        var got = Get(new() { Words = [$"{server.Url}/headers"], Headers = ["X-A: 1", "X-Empty;", "Host: other.test"], UserAgent = "me/1", Referer = "http://r.test/", User = "u:p", Range = "0-1", Cookies = ["a=b", "c=d"], IsCompressed = true });
        Assert.Equal(("1", "", "other.test"), (Header(got, "X-A"), Header(got, "X-Empty"), Header(got, "Host")));
        Assert.Equal(("me/1", "http://r.test/", "Basic dTpw", "bytes=0-1", "a=b; c=d"), (Header(got, "User-Agent"), Header(got, "Referer"), Header(got, "Authorization"), Header(got, "Range"), Header(got, "Cookie")));
        Assert.Contains("gzip", Header(got, "Accept-Encoding"), StringComparison.Ordinal);
        Assert.Equal(CurlCode.Usage, Got.Run(new GetOptions { Words = [server.Url], Headers = ["no colon"] }).Code);
        Assert.Equal(CurlCode.Usage, Got.Run(new GetOptions { Words = [server.Url], Headers = ["a b: c"] }).Code);
    }

    [Fact]
    public void Redirects_and_cookies_are_followed()
    {
        using var folder = new TempFolder();
        var got = Get(new() { Words = [$"{server.Url}/cookies/set?a=b"], Follows = true, CookieJar = folder["jar"], WriteOut = "%{num_redirects} %{url_effective}" });
        Assert.EndsWith($"1 {server.Url}/cookies", got.Text, StringComparison.Ordinal);
        Assert.Contains("\"a\": \"b\"", got.Text, StringComparison.Ordinal);
        var again = Get(new() { Words = [$"{server.Url}/cookies"], Cookies = [folder["jar"]] });
        Assert.Equal("b", again.Json.GetProperty("cookies").GetProperty("a").GetString());
        Assert.Equal("/cookies", Get(new() { Words = [$"{server.Url}/cookies/set?a=b"], WriteOut = "%{stderr}%header{location}", Outputs = ["/dev/null"] }).Text);
    }

    [Fact]
    public void Heads_are_shown()
    {
        var head = Get(new() { Words = [$"{server.Url}/get"], HeadOnly = true });
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head.Text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", head.Text, StringComparison.Ordinal);
        var both = Get(new() { Words = [$"{server.Url}/redirect/1"], Follows = true, IncludesHead = true });
        Assert.StartsWith("HTTP/1.1 302 ", both.Text, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\nHTTP/1.1 200 OK\r\n", both.Text, StringComparison.Ordinal);
        var verbose = Get(new() { Words = [$"{server.Url}/ip"], IsVerbose = true });
        Assert.Contains("> GET /ip HTTP/1.1", verbose.Error, StringComparison.Ordinal);
        Assert.Contains("< HTTP/1.1 200 OK", verbose.Error, StringComparison.Ordinal);
        Assert.Contains("* Connected to 127.0.0.1", verbose.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_out_tells_what_happened()
    {
        var got = Get(new() { Words = [$"{server.Url}/status/418"], Outputs = ["/dev/null"], WriteOut = "%{http_code}|%{method}|%{size_download}|%{remote_ip}|%{remote_port}|%{filename_effective}|100%%\\n" });
        Assert.Matches($@"^418\|GET\|\d+\|127\.0\.0\.1\|{server.Port}\|/dev/null\|100%\n$", got.Text);
        var json = Get(new() { Words = [$"{server.Url}/bytes/100"], Outputs = ["/dev/null"], WriteOut = "%{json}" }).Json;
        Assert.Equal(100, json.GetProperty("size_download").GetInt32());
        Assert.Equal(200, json.GetProperty("http_code").GetInt32());
        Assert.True(json.GetProperty("time_total").GetDouble() >= json.GetProperty("time_connect").GetDouble());
    }

    [Theory]
    [InlineData("gzip", "gzipped")]
    [InlineData("deflate", "deflated")]
    [InlineData("brotli", "brotli")]
    public void Compressed_answers_are_decompressed(string path, string key)
    {
        Assert.True(Get(new() { Words = [$"{server.Url}/{path}"], IsCompressed = true }).Json.GetProperty(key).GetBoolean());
        Assert.NotEqual((byte)'{', Get(new() { Words = [$"{server.Url}/{path}"] }).Bytes[0]);
    }

    [Fact]
    public void Connections_go_where_they_are_told()
    {
        using var folder = new TempFolder();
        using var unix = new BinServer(folder["bin.sock"]);
        Assert.Equal("http://a.test/get", Get(new() { Words = ["http://a.test/get"], UnixSocket = folder["bin.sock"] }).Json.GetProperty("url").GetString());
        Assert.Equal($"http://a.test:{server.Port}/get", Get(new() { Words = [$"http://a.test:{server.Port}/get"], Resolve = [$"a.test:{server.Port}:127.0.0.1"] }).Json.GetProperty("url").GetString());
        Assert.Equal("http://a.test/get", Get(new() { Words = ["http://a.test/get"], ConnectTo = [$"a.test:80:127.0.0.1:{server.Port}"] }).Json.GetProperty("url").GetString());
        Assert.Equal(CurlCode.Usage, Got.Run(new GetOptions { Words = [server.Url], Resolve = ["a.test"] }).Code);
        Assert.Equal(CurlCode.Usage, Got.Run(new GetOptions { Words = [server.Url], ConnectTo = ["a.test"] }).Code);
    }

    [Fact]
    public void A_proxy_is_asked()
    {
        using var proxy = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        Assert.Equal("ok", Get(new() { Words = ["http://a.test/x?y"], Proxy = $"http://u:p@127.0.0.1:{proxy.Port}" }).Text);
        Assert.StartsWith("GET http://a.test/x?y HTTP/1.1\r\n", proxy.Requests[0], StringComparison.Ordinal);
        Assert.Contains("Proxy-Authorization: Basic dTpw", proxy.Requests[0], StringComparison.Ordinal);
        using var refusing = new ScriptedServer("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(CurlCode.ReceiveFailed, Got.Run(new GetOptions { Words = ["https://a.test/"], Proxy = $"127.0.0.1:{refusing.Port}" }).Code);
        Assert.Equal(0, Get(new() { Words = [server.Url], Proxy = $"127.0.0.1:{refusing.Port}", NoProxy = "127.0.0.1" }).Code);
    }

    [Fact]
    public void The_curl_command_makes_the_same_request()
    {
        using var folder = new TempFolder();
        folder.Write("f", "it's");
        GetOptions[] all =
        [
            new() { Words = [$"{server.Url}/anything", "name=it's \"quoted\" $HOME", "X-A:b c"] },
            new() { Words = [$"{server.Url}/anything?a=b&c=d"], Method = "PATCH", Data = ["x=y z", "q='"], Headers = ["X-Empty;"] },
            new() { Words = [$"{server.Url}/anything"], Data = ["a=b"], DataInQuery = true, User = "u:p" },
        ];
        foreach (var options in all)
        {
            var mine = Get(options);
            var command = CurlCommand.Of(options, new RequestPlan(options));
            var curl = PeerProcess.Run("sh", ["-c", command.Replace("curl ", "curl -s ", StringComparison.Ordinal)]).Expect(0);
            Assert.Equal(Shown(mine.Json), Shown(JsonDocument.Parse(curl.Output).RootElement));
        }

        static string Shown(JsonElement answer) => string.Join('\n', answer.EnumerateObject().Select(member => member.Name == "headers"
            ? string.Join(',', member.Value.EnumerateObject().Where(field => field.Name != "User-Agent").Select(field => field.ToString()))
            : member.ToString()));
    }

    private static string? Header(Got got, string name) => got.Json.GetProperty("headers").GetProperty(name).GetString();

    private static Got Get(GetOptions options)
    {
        var got = Got.Run(options);
        Assert.True(got.Code == 0, $"{got.Code}: {got.Error}");
        return got;
    }
}
