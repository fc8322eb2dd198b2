using System.Buffers;
using System.Text;
using Gatehouse.Edge.Compression;
using Gatehouse.Http;
using Gatehouse.Http.Content;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Headers;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Compression;

public class CompressHandlerTests
{
    private static readonly byte[] Page = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<p>Hello, hello.</p>\n", 200)));

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "zstd")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip;q=0.1, br;q=0.2, zstd;q=0", "br")]
    public async Task Compresses_with_what_the_client_prefers(string accept, string expected)
    {
        var exchange = await Answer(accept);
        Assert.Equal(expected, Field(exchange, KnownHeader.ContentEncoding));
        Assert.Equal("Accept-Encoding", Field(exchange, KnownHeader.Vary));
        Assert.Equal(-1, exchange.Response.ContentLength);
        Assert.InRange(exchange.Sent.Length, 20, Page.Length / 4);
        Assert.Equal(Page, Decode(exchange));
    }

    [Theory]
    [InlineData("deflate")]
    [InlineData("")]
    [InlineData("identity;q=0")]
    public async Task Leaves_the_body_to_who_accepts_none_and_still_varies(string accept)
    {
        var exchange = await Answer(accept);
        Assert.Null(Field(exchange, KnownHeader.ContentEncoding));
        Assert.Equal("Accept-Encoding", Field(exchange, KnownHeader.Vary));
        Assert.Equal(Page.Length, exchange.Response.ContentLength);
        Assert.Equal(Page, exchange.Sent);
    }

    public static TheoryData<string, Action<Exchange>> NotEligible => new()
    {
        { "an image", e => e.Response.Headers.Set(KnownHeader.ContentType, "image/png"u8) },
        { "no type", e => e.Response.Headers.Remove(KnownHeader.ContentType) },
        { "already coded", e => e.Response.Headers.Set(KnownHeader.ContentEncoding, "br"u8) },
        { "no-transform", e => e.Response.Headers.Set(KnownHeader.CacheControl, "public, No-Transform"u8) },
        { "a digest", e => e.Response.Headers.Add("Content-Digest"u8, "sha-256=:AA==:"u8) },
        { "a part", e => e.Response.Status = 206 },
        { "no content", e => e.Response.Status = 204 },
        { "reset", e => e.Response.Status = 205 },
    };

    [Theory]
    [MemberData(nameof(NotEligible))]
    public async Task Does_not_touch(string what, Action<Exchange> prepare)
    {
        var exchange = await Answer("gzip", prepare);
        Assert.Equal(Page, exchange.Sent);
        Assert.Equal(what == "already coded" ? "br" : null, Field(exchange, KnownHeader.ContentEncoding));
        Assert.Null(Field(exchange, KnownHeader.Vary));
    }

    [Fact]
    public async Task A_request_may_forbid_it()
    {
        var exchange = new FakeExchange("GET", "/", ("Accept-Encoding", "gzip"), ("Cache-Control", "no-transform"));
        await Wrap().HandleAsync(exchange);
        Assert.Equal(Page, exchange.Sent);
    }

    [Fact]
    public async Task Short_bodies_are_left_and_unknown_lengths_are_not()
    {
        var exchange = new FakeExchange("GET", "/", ("Accept-Encoding", "gzip"));
        await Wrap(new Fixed(new byte[1023])).HandleAsync(exchange);
        Assert.Null(Field(exchange, KnownHeader.ContentEncoding));
        exchange.Restart("GET", "/", ("Accept-Encoding", "gzip"));
        await Wrap(new Fixed("short"u8.ToArray(), stream: true)).HandleAsync(exchange);
        Assert.Equal("gzip", Field(exchange, KnownHeader.ContentEncoding));
        Assert.Equal("short"u8.ToArray(), Decode(exchange));
    }

    [Fact]
    public async Task Errors_are_compressed_like_pages()
    {
        var exchange = await Answer("gzip", e => e.Response.Status = 404);
        Assert.Equal(Page, Decode(exchange));
    }

    [Theory]
    [InlineData("\"a\"", "W/\"a\"")]
    [InlineData("W/\"a\"", "W/\"a\"")]
    public async Task A_strong_entity_tag_becomes_weak(string tag, string expected)
    {
        var exchange = await Answer("gzip", e => e.Response.Headers.Add(KnownHeader.ETag, Encoding.ASCII.GetBytes(tag)));
        Assert.Equal(expected, Field(exchange, KnownHeader.ETag));
    }

    [Fact]
    public async Task Parts_are_no_longer_offered()
    {
        var exchange = await Answer("gzip", e => e.Response.Headers.Add(KnownHeader.AcceptRanges, "bytes"u8));
        Assert.Null(Field(exchange, KnownHeader.AcceptRanges));
    }

    [Theory]
    [InlineData("Cookie", "Cookie, Accept-Encoding")]
    [InlineData("accept-encoding", "accept-encoding")]
    [InlineData("*", "*")]
    public async Task Vary_is_merged(string vary, string expected)
    {
        var exchange = await Answer("gzip", e => e.Response.Headers.Add(KnownHeader.Vary, Encoding.ASCII.GetBytes(vary)));
        Assert.Equal(expected, Field(exchange, KnownHeader.Vary));
    }

    [Fact]
    public async Task A_HEAD_gets_the_head_of_its_GET()
    {
        var exchange = new FakeExchange("HEAD", "/", ("Accept-Encoding", "gzip"));
        await Wrap(new HeadOnly()).HandleAsync(exchange);
        Assert.Equal("gzip", Field(exchange, KnownHeader.ContentEncoding));
        Assert.Equal(-1, exchange.Response.ContentLength);
        Assert.Empty(exchange.Sent);
    }

    [Theory]
    [InlineData("W/\"a\"", "W/\"a\"")]
    [InlineData("\"a\"", "\"a\"")]
    [InlineData("\"x\", W/\"a\"", "W/\"a\"")]
    public async Task A_304_names_the_tag_that_the_client_holds(string ifNoneMatch, string expected)
    {
        var exchange = new FakeExchange("GET", "/", ("Accept-Encoding", "gzip"), ("If-None-Match", ifNoneMatch));
        await Wrap(new NotModified()).HandleAsync(exchange);
        Assert.Equal(expected, Field(exchange, KnownHeader.ETag));
        Assert.Equal(expected[0] == 'W' ? "Accept-Encoding" : null, Field(exchange, KnownHeader.Vary));
    }

    [Fact]
    public async Task Server_sent_events_pass_at_once()
    {
        var exchange = new FakeExchange("GET", "/", ("Accept-Encoding", "gzip"));
        exchange.Response.Headers.Add(KnownHeader.ContentType, "text/event-stream"u8);
        exchange.AddFilter(new CompressFilter(new CompressConfig()));
        using var decoder = ContentDecoder.Create(ContentCoding.Gzip, new DecodingLimits(1000));
        var seen = 0;
        for (var i = 0; i < 5; i++)
        {
            await exchange.WriteAsync(Encoding.ASCII.GetBytes($"data: {i}\n\n"));
            var plain = new ArrayBufferWriter<byte>();
            decoder.Transform(exchange.Sent.AsSpan(seen), last: false, plain);
            seen = exchange.Sent.Length;
            Assert.Equal($"data: {i}\n\n", Encoding.ASCII.GetString(plain.WrittenSpan));
        }
        await exchange.CompleteAsync();
        Assert.True(exchange.IsEnded);
    }

    [Theory]
    [InlineData("text/html", true)]
    [InlineData("IMAGE/bmp; a=b", true)]
    [InlineData("text/plain", false)]
    public async Task The_list_of_types_can_be_ones_own(string type, bool expected)
    {
        var exchange = new FakeExchange("GET", "/", ("Accept-Encoding", "gzip"));
        var config = new CompressConfig { Types = ["text/html", "image/*"] };
        await new CompressHandler(config, new Fixed(Page, type)).HandleAsync(exchange);
        Assert.Equal(expected, Field(exchange, KnownHeader.ContentEncoding) is not null);
    }

    [Fact]
    public void A_wrong_configuration_is_told_apart()
    {
        var faults = new Faults();
        new CompressConfig { Types = ["text/html", "*/*", "html", "text/html;a=b"], Algorithms = [] }.Check(faults);
        Assert.Equal(["types.1", "types.2", "types.3", "algorithms"], faults.Settings);
        Assert.Null(new CompressFeature().Wrap(new CompressConfig { Enabled = false }, new Fixed(Page), null!));
    }

    private static async Task<FakeExchange> Answer(string accept, Action<Exchange>? prepare = null)
    {
        var exchange = new FakeExchange("GET", "/", ("Accept-Encoding", accept));
        await Wrap(new Fixed(Page, "text/html; charset=utf-8") { Prepare = prepare }).HandleAsync(exchange);
        Assert.True(exchange.IsEnded);
        return exchange;
    }

    private static CompressHandler Wrap(IHandler? inner = null) => new(new CompressConfig(), inner ?? new Fixed(Page));

    private static string? Field(Exchange exchange, KnownHeader name) =>
        exchange.Response.Headers.TryGet(name, out var value) ? Encoding.ASCII.GetString(value) : null;

    private static byte[] Decode(FakeExchange exchange)
    {
        Assert.True(ContentCodings.TryParse(Encoding.ASCII.GetBytes(Field(exchange, KnownHeader.ContentEncoding)!), out var coding));
        using var decoder = ContentDecoder.Create(coding, new DecodingLimits(1_000_000));
        var output = new ArrayBufferWriter<byte>();
        decoder.Transform(exchange.Sent, last: true, output);
        return output.WrittenSpan.ToArray();
    }

    private sealed class Fixed(byte[] body, string type = "text/html", bool stream = false) : IHandler
    {
        public Action<Exchange>? Prepare { get; init; }

        public async ValueTask HandleAsync(Exchange exchange)
        {
            exchange.Response.Headers.Add(KnownHeader.ContentType, Encoding.ASCII.GetBytes(type));
            Prepare?.Invoke(exchange);
            if (stream)
            {
                await exchange.WriteAsync(body);
                await exchange.CompleteAsync();
                return;
            }
            await exchange.SendAsync(body);
        }
    }

    private sealed class HeadOnly : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange)
        {
            exchange.Response.Headers.Add(KnownHeader.ContentType, "text/html"u8);
            exchange.Response.ContentLength = 100_000;
            return exchange.CompleteAsync();
        }
    }

    private sealed class NotModified : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange)
        {
            exchange.Response.Status = 304;
            exchange.Response.Headers.Add(KnownHeader.ETag, "\"a\""u8);
            return exchange.CompleteAsync();
        }
    }

    private sealed class Faults : IFaultSink
    {
        public List<string> Settings { get; } = [];

        public void Report(string setting, string message) => Settings.Add(setting);
    }
}
