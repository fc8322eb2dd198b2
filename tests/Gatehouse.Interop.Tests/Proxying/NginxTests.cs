namespace Gatehouse.Interop.Tests.Proxying;

/// <summary>nginx as the upstream, over TCP and over a Unix socket: files, ranges, conditions, compression and its error pages pass as they are.</summary>
public sealed class NginxTests(NginxServer nginx) : IClassFixture<NginxServer>
{
    [Theory]
    [InlineData("/tcp")]
    [InlineData("/unix")]
    public void Files_pass_byte_for_byte_and_connections_are_kept(string prefix)
    {
        for (var i = 0; i < 3; i++)
        {
            Noise.AssertSame(nginx.Big, nginx.Served.Get($"{prefix}/big.bin").Body);
            Assert.Equal("small file\n", nginx.Served.Get($"{prefix}/small.txt").Text);
        }
    }

    [Fact]
    public void Conditions_ranges_and_errors_are_nginx_own()
    {
        var first = nginx.Served.Get("/tcp/small.txt");
        Assert.StartsWith("nginx", first["Server"], StringComparison.Ordinal);
        Assert.Equal(304, nginx.Served.Get("/tcp/small.txt", $"If-None-Match: {first["ETag"]}").Status);
        var part = nginx.Served.Get("/tcp/big.bin", "Range: bytes=100-299");
        Assert.Equal((206, $"bytes 100-299/{nginx.Big.Length}"), (part.Status, part["Content-Range"]));
        Noise.AssertSame(nginx.Big.AsSpan(100, 200), part.Body);
        Assert.StartsWith("multipart/byteranges", nginx.Served.Get("/tcp/big.bin", "Range: bytes=0-1,5-6")["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("nginx", nginx.Served.Get("/tcp/none").Text, StringComparison.Ordinal);
        Assert.Equal(405, nginx.Served.Send("POST", "/tcp/small.txt", "x"u8).Status);
        Assert.Equal(413, nginx.Served.Send("POST", "/tcp/small-bodies", Noise.Bytes(100_000)).Status);
    }

    [Fact]
    public void Compressed_and_chunked_answers_pass()
    {
        var result = PeerProcess.Run("curl", ["-sS", "--fail", "--compressed", "-D", "-", new Uri(nginx.Served.Root, "tcp/text.html").ToString()]).Expect(0);
        Assert.Contains("Content-Encoding: gzip", result.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Transfer-Encoding: chunked", result.Output, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("the end", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Nginx_closes_its_connection_after_some_requests_and_nobody_notices()
    {
        using var client = nginx.Served.Connect();
        for (var i = 0; i < 50; i++)
        {
            client.Send(Served.Head("GET", "/short-lived/small.txt"));
            Assert.Equal("small file\n", client.ReadResponse().Text);
        }
    }

    [Fact]
    public void Ab_finds_no_failure()
    {
        var result = PeerProcess.Run("ab", ["-q", "-k", "-n", "3000", "-c", "16", new Uri(nginx.Served.Root, "tcp/small.txt").ToString()], TimeSpan.FromSeconds(60)).Expect(0);
        Assert.Matches("Complete requests: +3000\n", result.Output);
        Assert.Matches("Failed requests: +0\n", result.Output);
        Assert.DoesNotContain("Non-2xx", result.Output, StringComparison.Ordinal);
    }
}
