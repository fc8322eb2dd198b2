using System.Text;
using System.Text.Json.Nodes;

namespace Gatehouse.HttpBin.Tests;

/// <summary>Each endpoint answers as the original does: status, fields, JSON. What differs on purpose stands in docs/reference/httpbin.md.</summary>
public sealed class OriginalTests(Original original, BinServer ours) : IClassFixture<Original>, IClassFixture<BinServer>
{
    // The server's and the connection's, not the application's; lengths follow from bodies, which are compared as JSON.
    private static readonly string[] Ignored = ["server", "date", "connection", "keep-alive", "content-length", "transfer-encoding"];

    [Theory]
    [InlineData("GET", "/get")]
    [InlineData("GET", "/get?a=1&a=2&b=&c&d=%20x+y&%D0%B0=%D0%B1")]
    [InlineData("GET", "/get?show_env=1", "X-Forwarded-For: 192.0.2.1", "X-Request-Id: 7")]
    [InlineData("GET", "/get", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https", "x-some-FIELD: One", "Via: 1.1 a")]
    [InlineData("GET", "/get", "X-Twice: 1", "X-Twice: 2", "Origin: https://page.test")]
    [InlineData("GET", "/anything")]
    [InlineData("DELETE", "/anything/one/two?x=y")]
    [InlineData("GET", "/anything/%D0%B0%20b%2Fc")]
    [InlineData("TRACE", "/anything")]
    [InlineData("GET", "/headers", "User-Agent: test/1", "Accept: */*", "Cookie: a=b")]
    [InlineData("GET", "/ip")]
    [InlineData("GET", "/ip", "X-Forwarded-For: 192.0.2.1, 192.0.2.2")]
    [InlineData("GET", "/user-agent", "User-Agent: test/1")]
    [InlineData("GET", "/user-agent")]
    [InlineData("GET", "/cache", "If-None-Match: x")]
    [InlineData("GET", "/cache", "If-Modified-Since: x")]
    [InlineData("GET", "/cache/60")]
    [InlineData("GET", "/etag/abc")]
    [InlineData("GET", "/etag/abc", "If-None-Match: \"abc\"")]
    [InlineData("GET", "/etag/abc", "If-None-Match: W/\"x\", \"y\"")]
    [InlineData("GET", "/etag/abc", "If-Match: \"x\"")]
    [InlineData("GET", "/etag/abc", "If-Match: *")]
    [InlineData("GET", "/cookies")]
    [InlineData("GET", "/cookies", "Cookie: a=b; c=\"d e\\073\\\"f\"; __utma=1; a=second")]
    [InlineData("GET", "/cookies?show_env", "Cookie: a=b; __utma=1")]
    [InlineData("GET", "/basic-auth/user/pass")]
    [InlineData("GET", "/basic-auth/user/pass", "Authorization: Basic dXNlcjpwYXNz")]
    [InlineData("GET", "/basic-auth/user/pass", "Authorization: Basic dXNlcjpvdGhlcg==")]
    [InlineData("GET", "/hidden-basic-auth/user/pass", "Authorization: Basic dXNlcjpwYXNz")]
    [InlineData("GET", "/bearer")]
    [InlineData("GET", "/bearer", "Authorization: Bearer 1234")]
    [InlineData("GET", "/digest-auth/auth/user/pass/MD5?require-cookie=1", "Cookie: a=b", "Authorization: Digest username=\"user\", realm=\"r\", nonce=\"n\", uri=\"/x\", response=\"0\"")]
    [InlineData("GET", "/image", "Accept: text/plain")]
    [InlineData("HEAD", "/get")]
    [InlineData("DELETE", "/delete")]
    [InlineData("GET", "/delay/0?a=b")]
    [InlineData("GET", "/stream-bytes/0")]
    public void The_answer_is_the_same(string method, string target, params string[] fields) => Compare(method, target, null, Body.Json, fields);

    [Theory]
    [InlineData("GET", "/robots.txt")]
    [InlineData("GET", "/base64/0JfQtNGA0LDQstGB0YLQstGD0LksINC80LjRgCE=")]
    [InlineData("GET", "/base64/aHR0cGJpbg==")]
    [InlineData("GET", "/bytes/1000?seed=0")]
    [InlineData("GET", "/bytes/40?seed=-123456789012")]
    [InlineData("GET", "/bytes/0?seed=1")]
    [InlineData("GET", "/stream-bytes/100?seed=7&chunk_size=30")]
    [InlineData("GET", "/range/1234")]
    [InlineData("GET", "/range/100?chunk_size=7", "Range: bytes=10-24")]
    [InlineData("GET", "/range/26", "Range: bytes=20-")]
    [InlineData("GET", "/range/26", "Range: bytes=-5")]
    [InlineData("GET", "/range/26", "Range: bytes=-50")]
    [InlineData("GET", "/range/26", "Range: bytes=0-40")]
    [InlineData("GET", "/range/26", "Range: bytes=10-5")]
    [InlineData("GET", "/range/26", "Range: lines=1-2")]
    [InlineData("GET", "/range/0")]
    [InlineData("GET", "/range/102401")]
    [InlineData("GET", "/drip?duration=0&numbytes=5")]
    [InlineData("GET", "/drip?duration=0&numbytes=5&code=500")]
    [InlineData("GET", "/links/5/2")]
    [InlineData("GET", "/links/0/0")]
    [InlineData("OPTIONS", "/get")]
    [InlineData("OPTIONS", "/post", "Access-Control-Request-Headers: X-A", "Origin: https://page.test")]
    [InlineData("OPTIONS", "/anything")]
    [InlineData("GET", "/redirect-to?url=http%3A%2F%2Fa.test%2F%3Fx%3D1&status_code=307")]
    [InlineData("PUT", "/redirect-to?URL=/x&status_code=200")]
    [InlineData("GET", "/relative-redirect/2")]
    [InlineData("GET", "/relative-redirect/1")]
    [InlineData("GET", "/status/200")]
    [InlineData("GET", "/status/204")]
    [InlineData("POST", "/status/301")]
    [InlineData("GET", "/status/304")]
    [InlineData("GET", "/status/308")]
    [InlineData("GET", "/status/401")]
    [InlineData("GET", "/status/503")]
    [InlineData("GET", "/status/599")]
    [InlineData("GET", "/status/404:1,500:0")]
    public void The_answer_is_the_same_byte_for_byte(string method, string target, params string[] fields) => Compare(method, target, null, Body.Exact, fields);

    // Pages and texts of our own, and answers that are random.
    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/html")]
    [InlineData("GET", "/xml")]
    [InlineData("GET", "/deny")]
    [InlineData("GET", "/encoding/utf8")]
    [InlineData("GET", "/forms/post")]
    [InlineData("GET", "/image")]
    [InlineData("GET", "/image", "Accept: image/jpeg")]
    [InlineData("GET", "/image/webp")]
    [InlineData("GET", "/image/svg")]
    [InlineData("GET", "/uuid")]
    [InlineData("GET", "/stream/2")]
    [InlineData("GET", "/stream/0")]
    [InlineData("GET", "/gzip")]
    [InlineData("GET", "/deflate")]
    [InlineData("GET", "/brotli")]
    [InlineData("GET", "/status/418")]
    [InlineData("GET", "/status/406")]
    [InlineData("GET", "/redirect/1")]
    [InlineData("GET", "/redirect/5")]
    [InlineData("GET", "/redirect/5?absolute=True")]
    [InlineData("GET", "/absolute-redirect/1")]
    [InlineData("GET", "/absolute-redirect/3")]
    [InlineData("GET", "/links/5")]
    [InlineData("GET", "/cookies/set?a=b&c=d+e%3B%22f&%D0%B0=x")]
    [InlineData("GET", "/cookies/set/name/value")]
    [InlineData("GET", "/cookies/delete?a=&b=")]
    [InlineData("POST", "/get")]
    [InlineData("GET", "/post")]
    [InlineData("GET", "/no-such-endpoint")]
    [InlineData("GET", "/redirect/x")]
    [InlineData("GET", "/bytes/-1")]
    public void The_head_is_the_same(string method, string target, params string[] fields) => Compare(method, target, null, Body.Own, fields);

    [Theory]
    [InlineData("POST", "/post", "a=1&a=2&b=x+y&c=%C3%A9", "application/x-www-form-urlencoded")]
    [InlineData("PUT", "/put", "{\"a\": [1, 2.5, null, {\"b\": \"\\u00e9\"}]}", "application/json")]
    [InlineData("PATCH", "/patch", "plain text", "text/plain")]
    [InlineData("DELETE", "/delete", "name=kevin", "application/x-www-form-urlencoded; charset=utf-8")]
    [InlineData("POST", "/anything", "\u00ff\u00fe\u0001", "application/octet-stream")]
    [InlineData("POST", "/anything", "[1]", "")]
    [InlineData("POST", "/post", "--b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nvalue\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.txt\"\r\n\r\nhello\r\n--b\r\nContent-Disposition: form-data; name=\"bin\"; filename=\"x\"\r\nContent-Type: image/png\r\n\r\n\u00ff\u00fe\r\n--b--\r\n", "multipart/form-data; boundary=b")]
    public void A_body_is_shown_the_same(string method, string target, string body, string type) =>
        Compare(method, target, Encoding.Latin1.GetBytes(body), Body.Json, type.Length == 0 ? [] : [$"Content-Type: {type}"]);

    [Theory]
    [InlineData("/response-headers?animal=dog&animal=cat&x-y=z")]
    [InlineData("/response-headers?Content-Type=text/plain")]
    public void Response_headers_are_those_of_the_query(string target)
    {
        foreach (var method in (string[])["GET", "POST"])
        {
            var (theirs, mine) = Ask(method, target, null, []);
            Assert.Equal(Fields(theirs), Fields(mine));
            var expected = JsonNode.Parse(theirs.Body)!.AsObject();
            var found = JsonNode.Parse(mine.Body)!.AsObject();
            Assert.Equal(mine.Body.Length.ToString(), found["Content-Length"]!.GetValue<string>());
            expected.Remove("Content-Length");
            found.Remove("Content-Length");
            Assert.True(JsonNode.DeepEquals(expected, found), $"expected {expected}, found {found}");
        }
    }

    [Fact]
    public void A_digest_challenge_has_the_same_parts()
    {
        foreach (var target in (string[])["/digest-auth/auth/user/pass", "/digest-auth/x/user/pass/SHA-256", "/digest-auth/auth-int/user/pass/SHA-512/3"])
        {
            var (theirs, mine) = Ask("GET", target, null, []);
            Assert.Equal(Masked(theirs), Masked(mine));
        }

        // Nonces differ in each answer, and their lengths must not.
        static string Masked(RawResponse answer) => string.Join('\n', Fields(answer).Select(field =>
            field.StartsWith("www-authenticate", StringComparison.Ordinal) ? System.Text.RegularExpressions.Regex.Replace(field, "[0-9a-f]", "x") : field));
    }

    [Fact]
    public void A_line_of_stream_is_the_same()
    {
        var (theirs, mine) = Ask("GET", "/stream/2?a=b", null, ["User-Agent: test"]);
        var expected = theirs.Text.TrimEnd('\n').Split('\n');
        var found = mine.Text.TrimEnd('\n').Split('\n');
        Assert.Equal(2, found.Length);
        for (var i = 0; i < 2; i++)
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected[i]), JsonNode.Parse(found[i])), found[i]);
    }

    private enum Body
    {
        Json,
        Exact,
        Own,
    }

    private void Compare(string method, string target, byte[]? body, Body kind, string[] fields)
    {
        var (theirs, mine) = Ask(method, target, body, fields);
        Assert.Equal(theirs.Status, mine.Status);
        Assert.Equal(Fields(theirs), Fields(mine));
        if (kind == Body.Exact || theirs.Body.Length == 0)
            Assert.Equal(theirs.Body, mine.Body);
        else if (kind == Body.Json)
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(theirs.Body), JsonNode.Parse(mine.Body)), $"expected {theirs.Text}, found {mine.Text}");
        if (kind == Body.Json && mine.Body.Length > 0)
            Assert.Equal((byte)'\n', mine.Body[^1]);
    }

    private (RawResponse Theirs, RawResponse Mine) Ask(string method, string target, byte[]? body, string[] fields) =>
        (BinServer.Send(original.Port, method, target, body, fields), BinServer.Send(ours.Port, method, target, body, fields));

    private static List<string> Fields(RawResponse answer) =>
    [
        .. answer.Fields
            .Where(field => !Ignored.Contains(field.Key.ToLowerInvariant()))
            .Select(field => (Name: field.Key.ToLowerInvariant(), Value: field.Key.Equals("Allow", StringComparison.OrdinalIgnoreCase) ? Sorted(field.Value) : field.Value))
            .OrderBy(field => field.Name, StringComparer.Ordinal)
            .Select(field => $"{field.Name}: {field.Value}"),
    ];

    private static string Sorted(string list) => string.Join(", ", list.Split(',', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal));
}
