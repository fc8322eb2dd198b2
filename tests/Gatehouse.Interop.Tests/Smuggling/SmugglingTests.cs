using System.Text;
using System.Text.Json;

namespace Gatehouse.Interop.Tests.Smuggling;

/// <summary>
/// Requests that programs have framed differently, sent through the proxy: refused, or forwarded in one framing that nobody can read in two ways. What the
/// upstream received is compared with what the client was answered.
/// </summary>
public sealed class SmugglingTests(SmugglingServer server) : IClassFixture<SmugglingServer>
{
    public static TheoryData<string> Own =>
    [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 100\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\nGET /",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 0\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX:\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n Transfer-Encoding: chunked\r\nHost: a\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer_Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\nhello",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 31\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n",
        "GET /x HTTP/1.1\u0000\r\nHost: a\r\n\r\n",
        "GET /x\tHTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /x HTTP/1.1 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /x HTTP/1.10\r\nHost: a\r\n\r\n",
        "GET /x?a=\u000d\u000ab HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: Content-Length\r\nContent-Length: 5\r\n\r\nhello",
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhelloGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Own))]
    public void A_request_is_refused_or_reads_one_way(string wire) => Assert.Null(server.Judge(Encoding.Latin1.GetBytes(wire)));

    [Theory]
    [InlineData("http-garden")]
    [InlineData("portswigger")]
    public void Recorded_payloads_are_refused_or_read_one_way(string folder)
    {
        var verdicts = new List<string>();
        var cases = 0;
        foreach (var file in Directory.GetFiles(Path.Combine(Corpora.Folder("smuggling"), folder), "*.json").Order(StringComparer.Ordinal))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var wire in Wires(json.RootElement))
            {
                cases++;
                // The preface of HTTP/2 is understood here, and is no request.
                if (wire.AsSpan().StartsWith("PRI * HTTP/2.0"u8)) continue;
                if (server.Judge(wire) is { } fault) verdicts.Add($"{Path.GetFileName(file)}: {fault}");
            }
        }
        Assert.True(cases > 40, $"only {cases} cases were found");
        Assert.Empty(verdicts);
    }

    private static IEnumerable<byte[]> Wires(JsonElement root)
    {
        if (root.TryGetProperty("request_base64", out var one)) return [one.GetBytesFromBase64()];
        return root.GetProperty("protocol").GetString() == "h1" ? [.. root.GetProperty("payloads").EnumerateArray().Select(payload => payload.GetProperty("base64").GetBytesFromBase64())] : [];
    }
}
