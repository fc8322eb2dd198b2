namespace Gatehouse.Interop.Tests.Files;

/// <summary>Conditions (RFC 9110 section 13), ranges (section 14) and precompressed siblings over the wire.</summary>
public sealed class ConditionalTests(FilesServer files) : IClassFixture<FilesServer>
{
    private readonly Served _served = files.Served;

    [Fact]
    public void Validators_save_the_body()
    {
        using var client = _served.Connect();
        client.Send(Served.Head("GET", "/ten.txt"));
        var first = client.ReadResponse();
        string[] conditions =
        [
            $"If-None-Match: {first["ETag"]}", $"If-None-Match: \"other\", W/{first["ETag"]}", "If-None-Match: *", $"If-Modified-Since: {first["Last-Modified"]}",
        ];
        foreach (var condition in conditions)
        {
            client.Send(Served.Head("GET", "/ten.txt", condition));
            var answer = client.ReadResponse();
            Assert.Equal((304, 0, first["ETag"]), (answer.Status, answer.Body.Length, answer["ETag"]));
        }
        client.Send(Served.Head("GET", "/ten.txt", "If-None-Match: \"other\"", $"If-Modified-Since: {first["Last-Modified"]}"));
        Assert.Equal(200, client.ReadResponse().Status);
        client.Send(Served.Head("GET", "/ten.txt", "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT"));
        Assert.Equal(200, client.ReadResponse().Status);
        client.Send(Served.Head("GET", "/ten.txt", "If-Match: \"other\""));
        Assert.Equal(412, client.ReadResponse().Status);
        client.Send(Served.Head("GET", "/ten.txt", $"If-Match: {first["ETag"]}"));
        Assert.Equal(200, client.ReadResponse().Status);
    }

    [Fact]
    public void Curl_revalidates()
    {
        using var folder = new TempFolder();
        var url = new Uri(_served.Root, "ten.txt").ToString();
        string[] request = ["-sS", "-o", folder["body"], "-w", "%{http_code}", "--etag-compare", folder["etag"], "--etag-save", folder["etag"], url];
        folder.Write("etag", "");
        Assert.Equal("200", PeerProcess.Run("curl", request).Expect(0).Output);
        Assert.Equal("304", PeerProcess.Run("curl", request).Expect(0).Output);
    }

    [Theory]
    [InlineData("bytes=0-3", "0123", "bytes 0-3/10")]
    [InlineData("bytes=7-", "789", "bytes 7-9/10")]
    [InlineData("bytes=-2", "89", "bytes 8-9/10")]
    [InlineData("bytes=-20", "0123456789", "bytes 0-9/10")]
    [InlineData("bytes=9-100", "9", "bytes 9-9/10")]
    [InlineData("bytes=50-60, 2-2", "2", "bytes 2-2/10")]
    public void One_range_is_a_part(string range, string content, string contentRange)
    {
        var answer = _served.Get("/ten.txt", $"Range: {range}");
        Assert.Equal((206, content, contentRange), (answer.Status, answer.Text, answer["Content-Range"]));
        Assert.Equal("text/plain; charset=utf-8", answer["Content-Type"]);
    }

    [Theory]
    [InlineData("bytes=10-")]
    [InlineData("bytes=20-30")]
    [InlineData("bytes=-0")]
    public void A_range_beyond_the_end_is_416(string range)
    {
        var answer = _served.Get("/ten.txt", $"Range: {range}");
        Assert.Equal((416, "bytes */10"), (answer.Status, answer["Content-Range"]));
    }

    [Theory]
    [InlineData("lines=1-2")]
    [InlineData("bytes=3-1")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes 0-1")]
    public void A_range_that_is_none_is_ignored(string range)
    {
        var answer = _served.Get("/ten.txt", $"Range: {range}");
        Assert.Equal((200, "0123456789"), (answer.Status, answer.Text));
    }

    [Fact]
    public void Several_ranges_are_parts_of_one_answer()
    {
        var answer = _served.Get("/big.bin", "Range: bytes=0-1,1000000-1000001,-1");
        Assert.Equal(206, answer.Status);
        var type = answer["Content-Type"]!;
        Assert.StartsWith("multipart/byteranges; boundary=", type, StringComparison.Ordinal);
        Assert.Equal($"{answer.Body.Length}", answer["Content-Length"]);
        var boundary = type[(type.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim('"');
        var parts = System.Text.Encoding.Latin1.GetString(answer.Body).Split($"--{boundary}");
        Assert.Equal(5, parts.Length);
        (int First, int Last)[] expected = [(0, 1), (1_000_000, 1_000_001), (files.Big.Length - 1, files.Big.Length - 1)];
        for (var i = 0; i < expected.Length; i++)
        {
            var (first, last) = expected[i];
            Assert.Contains($"Content-Range: bytes {first}-{last}/{files.Big.Length}\r\n", parts[i + 1], StringComparison.OrdinalIgnoreCase);
            Assert.Contains("Content-Type: application/octet-stream\r\n", parts[i + 1], StringComparison.OrdinalIgnoreCase);
            Assert.EndsWith($"\r\n\r\n{System.Text.Encoding.Latin1.GetString(files.Big, first, last - first + 1)}\r\n", parts[i + 1], StringComparison.Ordinal);
        }
        Assert.StartsWith("--", parts[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Ranges_with_little_between_them_become_one()
    {
        // RFC 9110 section 15.3.7.2: a gap that is smaller than the overhead of a part is sent with the rest.
        var answer = _served.Get("/ten.txt", "Range: bytes=0-1,4-5");
        Assert.Equal((206, "012345", "bytes 0-5/10"), (answer.Status, answer.Text, answer["Content-Range"]));
    }

    [Fact]
    public void If_range_gives_the_whole_when_the_file_has_changed()
    {
        var etag = _served.Get("/ten.txt")["ETag"];
        Assert.Equal(206, _served.Get("/ten.txt", "Range: bytes=0-0", $"If-Range: {etag}").Status);
        Assert.Equal(200, _served.Get("/ten.txt", "Range: bytes=0-0", "If-Range: \"other\"").Status);
        Assert.Equal(200, _served.Get("/ten.txt", "Range: bytes=0-0", $"If-Range: W/{etag}").Status);
        Assert.Equal(200, _served.Get("/ten.txt", "Range: bytes=0-0", "If-Range: Thu, 01 Jan 1970 00:00:00 GMT").Status);
    }

    [Fact]
    public void A_range_may_lie_beyond_four_gigabytes()
    {
        var first = 9L << 29;
        var answer = _served.Get("/sparse.bin", $"Range: bytes={first}-{first + 20}");
        Assert.Equal((206, "beyond four gigabytes"), (answer.Status, answer.Text));
        Assert.Equal($"bytes {first}-{first + 20}/{5L << 30}", answer["Content-Range"]);
        answer = _served.Get("/sparse.bin", "Range: bytes=-3");
        Assert.Equal(new byte[3], answer.Body);
    }

    [Fact]
    public void Ranges_of_a_large_file_are_exact()
    {
        foreach (var (first, last) in new[] { (0, 0), (0, 65535), (65536, 200_000), (1 << 20, (5 << 20) + 1), ((10 << 20) - 1, (10 << 20) - 1) })
        {
            var answer = _served.Get("/big.bin", $"Range: bytes={first}-{last}");
            Assert.Equal(206, answer.Status);
            Noise.AssertSame(files.Big.AsSpan(first, last - first + 1), answer.Body);
        }
    }

    [Theory]
    [InlineData("br, gzip, zstd", "br", "brotli pack")]
    [InlineData("zstd, gzip", "zstd", "zstandard pack")]
    [InlineData("gzip", "gzip", "gzip pack")]
    [InlineData("gzip;q=1, br;q=0.5", "gzip", "gzip pack")]
    [InlineData("br;q=0, gzip;q=0", null, "plain pack")]
    [InlineData("deflate", null, "plain pack")]
    [InlineData("identity", null, "plain pack")]
    [InlineData("", null, "plain pack")]
    public void A_compressed_sibling_goes_to_who_accepts_it(string accepts, string? coding, string content)
    {
        var answer = _served.Get("/pack.js", $"Accept-Encoding: {accepts}");
        Assert.Equal((200, content, coding), (answer.Status, answer.Text, answer["Content-Encoding"]));
        Assert.Equal(("Accept-Encoding", "text/javascript; charset=utf-8"), (answer["Vary"], answer["Content-Type"]));
    }

    [Fact]
    public void A_sibling_has_its_own_validator_and_a_stale_one_is_not_used()
    {
        var plain = _served.Get("/pack.js")["ETag"];
        var gzip = _served.Get("/pack.js", "Accept-Encoding: gzip")["ETag"];
        Assert.NotEqual(plain, gzip);
        Assert.Equal(304, _served.Get("/pack.js", "Accept-Encoding: gzip", $"If-None-Match: {gzip}").Status);
        Assert.Equal(200, _served.Get("/pack.js", "Accept-Encoding: gzip", $"If-None-Match: {plain}").Status);
        Assert.Equal("newer than its sibling", _served.Get("/stale.js", "Accept-Encoding: gzip").Text);
        Assert.Equal("plain pack", _served.Get("/plain/pack.js", "Accept-Encoding: gzip").Text);
    }
}
