using System.Buffers;
using System.Text;
using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Http.Content;

namespace Gatehouse.Http.Client.Tests.Requests;

/// <summary>Content codings are undone, within bounds.</summary>
public sealed class DecodingTests
{
    private static readonly string Text = string.Concat(Enumerable.Range(0, 3000).Select(i => $"line {i}\n"));

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("identity")]
    [InlineData("gzip, br")]
    [InlineData("br,identity, ZSTD")]
    public async Task Codings_are_undone_in_the_reverse_order(string codings)
    {
        var coded = Encoding.ASCII.GetBytes(Text);
        foreach (var name in codings.Split(',', StringSplitOptions.TrimEntries))
        {
            Assert.True(ContentCodings.TryParse(Encoding.ASCII.GetBytes(name), out var coding));
            coded = coding == ContentCoding.Identity ? coded : Encode(coding, coded);
        }
        using var server = Serving(codings, coded);
        using var requester = new HttpRequester();
        var (response, body) = await requester.GetTextAsync(server.Url());
        Assert.Equal(Text, body);
        Assert.Equal(codings, response["Content-Encoding"]);
        Assert.Equal(coded.Length, response.ContentLength);
        Assert.True((await requester.GetTextAsync(server.Url())).Response.IsReused);

        using var raw = new HttpRequester(new RequesterOptions { Decodes = false });
        using var undecoded = await raw.GetAsync(server.Url());
        Assert.Equal(coded, await undecoded.ReadBytesAsync());
    }

    [Fact]
    public async Task Codings_that_are_not_known_are_left_alone()
    {
        foreach (var codings in new[] { "compress", "gzip, compress", "gzip, gzip, gzip, gzip" })
        {
            using var server = Serving(codings, [1, 2, 3]);
            using var requester = new HttpRequester();
            using var response = await requester.GetAsync(server.Url());
            Assert.Equal([1, 2, 3], await response.ReadBytesAsync());
        }
    }

    [Fact]
    public async Task Malformed_and_truncated_content_is_a_bad_response_and_stays_one()
    {
        var coded = Encode(ContentCoding.Gzip, Encoding.ASCII.GetBytes(Text));
        foreach (var bytes in new[] { "no gzip at all"u8.ToArray(), coded[..(coded.Length / 2)] })
        {
            using var server = Serving("gzip", bytes);
            using var requester = new HttpRequester();
            using var response = await requester.GetAsync(server.Url());
            var exception = await Assert.ThrowsAsync<ClientException>(() => response.ReadBytesAsync());
            Assert.Equal(ClientFault.BadResponse, exception.Fault);
            Assert.Contains("gzip content", exception.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<ClientException>(() => response.ReadBytesAsync());
        }
    }

    [Theory]
    [InlineData(ContentCoding.Gzip)]
    [InlineData(ContentCoding.Brotli)]
    [InlineData(ContentCoding.Zstandard)]
    public async Task Bomb_is_stopped(ContentCoding coding)
    {
        var bomb = Encode(coding, new byte[64 * 1024 * 1024]);
        using var server = Serving(Encoding.ASCII.GetString(ContentCodings.Name(coding)), bomb);
        using var requester = new HttpRequester();
        using var response = await requester.GetAsync(server.Url());
        var exception = await Assert.ThrowsAsync<ClientException>(() => response.ReadBytesAsync());
        Assert.Contains("decodes to more than 200 times its length", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Length_is_limited_before_and_behind_the_decoding()
    {
        var options = new RequesterOptions { MaxBodyBytes = 10_000 };
        using var requester = new HttpRequester(options);

        using var announced = Serving("", new byte[10_001]);
        var exception = await Assert.ThrowsAsync<ClientException>(() => requester.GetAsync(announced.Url()));
        Assert.Contains("longer than the 10000 bytes that are allowed", exception.Message, StringComparison.Ordinal);

        using var unannounced = new TestServer(async exchange =>
        {
            for (var i = 0; i < 20; i++)
                await exchange.WriteAsync(new byte[1000]);
        });
        using var chunked = await requester.GetAsync(unannounced.Url());
        Assert.Equal(ClientFault.BadResponse, (await Assert.ThrowsAsync<ClientException>(() => chunked.ReadBytesAsync())).Fault);

        using var coded = Serving("gzip", Encode(ContentCoding.Gzip, Encoding.ASCII.GetBytes(Text)));
        using var decoded = await requester.GetAsync(coded.Url());
        Assert.Contains("10000 bytes", (await Assert.ThrowsAsync<ClientException>(() => decoded.ReadBytesAsync())).Message, StringComparison.Ordinal);

        using var collecting = new HttpRequester(new RequesterOptions { MaxBufferedBytes = 100 });
        using var response = await collecting.GetAsync(unannounced.Url());
        exception = await Assert.ThrowsAsync<ClientException>(() => response.ReadBytesAsync());
        Assert.Contains("100 bytes that may be collected", exception.Message, StringComparison.Ordinal);
    }

    private static TestServer Serving(string codings, byte[] body) => new(exchange =>
    {
        if (codings.Length > 0)
            exchange.Response.Headers.Add("Content-Encoding"u8, Encoding.ASCII.GetBytes(codings));
        return exchange.SendAsync(body);
    });

    private static byte[] Encode(ContentCoding coding, byte[] content)
    {
        var output = new ArrayBufferWriter<byte>();
        using var encoder = ContentEncoder.Create(coding);
        encoder.Transform(content, last: true, output);
        return output.WrittenSpan.ToArray();
    }
}
