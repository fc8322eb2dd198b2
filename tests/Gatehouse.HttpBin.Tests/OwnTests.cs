using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;

namespace Gatehouse.HttpBin.Tests;

/// <summary>What is ours: faults are the client's, times pass, a prefix is kept, the page has every endpoint.</summary>
public sealed class OwnTests(BinServer server) : IClassFixture<BinServer>
{
    [Theory]
    [InlineData("/redirect/0")]
    [InlineData("/status/99")]
    [InlineData("/status/600")]
    [InlineData("/status/100")]
    [InlineData("/status/")]
    [InlineData("/delay/soon")]
    [InlineData("/delay/-1")]
    [InlineData("/delay/NaN")]
    [InlineData("/drip?numbytes=0")]
    [InlineData("/drip?code=42")]
    [InlineData("/bytes/3?seed=x")]
    [InlineData("/base64/x")]
    [InlineData("/base64/_w==")]
    [InlineData("/redirect-to")]
    [InlineData("/redirect-to?url=%0d%0aSet-Cookie:%20a=b")]
    [InlineData("/response-headers?x=%0d%0ay")]
    [InlineData("/response-headers?x%20y=z")]
    [InlineData("/cookies/set?a%0d%0a=b")]
    public void A_fault_of_the_client_is_400(string target)
    {
        var answer = server.Send("GET", target);
        Assert.Equal(target == "/status/" ? 404 : 400, answer.Status);
        Assert.Equal("*", answer["Access-Control-Allow-Origin"]);
        Assert.Null(answer["Set-Cookie"]);
    }

    [Fact]
    public void A_body_over_the_limit_is_413()
    {
        using var client = RawClient.Connect(server.Port);
        client.Send("POST /post HTTP/1.1\r\nHost: bin.test\r\nContent-Length: 10485761\r\n\r\n");
        Assert.Equal(413, client.ReadResponse().Status);
    }

    [Fact]
    public void Delay_and_drip_take_their_time()
    {
        var clock = Stopwatch.StartNew();
        Assert.Equal(200, server.Send("GET", "/delay/0.2").Status);
        Assert.True(clock.ElapsedMilliseconds >= 190, $"{clock.ElapsedMilliseconds} ms");
        clock.Restart();
        Assert.Equal("*****", server.Send("GET", "/drip?numbytes=5&duration=0.3").Text);
        // The last piece comes when a piece's time is left, as in the original.
        Assert.True(clock.ElapsedMilliseconds >= 230, $"{clock.ElapsedMilliseconds} ms");
        clock.Restart();
        Assert.Equal(100_000, server.Send("GET", "/drip?numbytes=100000&duration=0.1").Body.Length);
        Assert.Equal(26, server.Send("GET", "/range/26?duration=0.1&chunk_size=1").Body.Length);
        Assert.True(clock.ElapsedMilliseconds >= 120, $"{clock.ElapsedMilliseconds} ms");
    }

    [Fact]
    public void What_the_original_lost_or_lacked_is_there()
    {
        Assert.Equal("Basic realm=\"Fake Realm\"", server.Send("GET", "/status/407")["Proxy-Authenticate"]);
        Assert.Equal("Sample Slide Show", JsonDocument.Parse(server.Send("GET", "/json").Body).RootElement.GetProperty("slideshow").GetProperty("title").GetString());
        var delayed = BinServer.Send(server.Port, "POST", "/delay/0", "x=1"u8.ToArray(), "Content-Type: application/x-www-form-urlencoded");
        Assert.Equal("1", JsonDocument.Parse(delayed.Body).RootElement.GetProperty("form").GetProperty("x").GetString());
    }

    [Theory]
    [InlineData("/gzip", "gzipped")]
    [InlineData("/deflate", "deflated")]
    [InlineData("/brotli", "brotli")]
    public void A_coded_answer_decodes(string target, string key)
    {
        var source = new MemoryStream(server.Send("GET", target).Body);
        Stream decoder = key switch
        {
            "gzipped" => new GZipStream(source, CompressionMode.Decompress),
            "deflated" => new ZLibStream(source, CompressionMode.Decompress),
            _ => new BrotliStream(source, CompressionMode.Decompress),
        };
        Assert.True(JsonDocument.Parse(decoder).RootElement.GetProperty(key).GetBoolean());
    }

    [Fact]
    public void A_prefix_stands_before_every_path()
    {
        using var bin = new BinServer("/bin");
        Assert.Equal("/bin/relative-redirect/1", bin.Send("GET", "/bin/redirect/2")["Location"]);
        Assert.Equal("http://bin.test/bin/get", bin.Send("GET", "/bin/absolute-redirect/1")["Location"]);
        Assert.Equal("http://bin.test/bin/get?a=b", JsonDocument.Parse(bin.Send("GET", "/bin/get?a=b").Body).RootElement.GetProperty("url").GetString());
        Assert.Contains("action=\"/bin/post\"", bin.Send("GET", "/bin/forms/post").Text, StringComparison.Ordinal);
        Assert.Contains("/bin/uuid", bin.Send("GET", "/bin/").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_every_endpoint_and_needs_nothing_else()
    {
        var page = server.Send("GET", "/").Text;
        Assert.All(Routing.EndpointTable.All, endpoint => Assert.Contains($"<code>{endpoint.Template}</code>", page, StringComparison.Ordinal));
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/image/png", "89504e47")]
    [InlineData("/image/jpeg", "ffd8ff")]
    [InlineData("/image/webp", "52494646")]
    [InlineData("/image/svg", "3c737667")]
    public void An_image_is_what_it_says(string target, string magic) =>
        Assert.StartsWith(magic, Convert.ToHexStringLower(server.Send("GET", target).Body), StringComparison.Ordinal);

    [Fact]
    public void Weights_count()
    {
        var found = Enumerable.Range(0, 20).Select(_ => server.Send("GET", "/status/201:0,202:1,203:0").Status).Distinct();
        Assert.Equal([202], found);
    }
}
