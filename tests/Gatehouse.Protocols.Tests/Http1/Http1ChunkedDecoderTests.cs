using System.Text;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Protocols.Tests.Http1;

public sealed class Http1ChunkedDecoderTests
{
    private const string Head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Theory]
    [InlineData("0\r\n\r\n", "")]
    [InlineData("000\r\n\r\n", "")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "hello")]
    [InlineData("0000000000000005\r\nhello\r\n0\r\n\r\n", "hello")]
    [InlineData("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world")]
    [InlineData("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789")]
    [InlineData("2\r\n\r\n\r\n0\r\n\r\n", "\\x0d\\x0a")]
    [InlineData("1;a\r\nx\r\n0;b\r\n\r\n", "x")]
    [InlineData("1;a=b;c=\"d \\\"e\\\" \\\\ ;\";f\r\nx\r\n0\r\n\r\n", "x")]
    [InlineData("1 \t; a = b ; c\t=\"\"\r\nx\r\n0\r\n\r\n", "x")]
    [InlineData("1;a=\"\u00e9\t\"\r\nx\r\n0\r\n\r\n", "x")]
    public void Data_comes_out_without_its_framing(string body, string expected)
    {
        var read = Wire.Requests(Head + body + "GET");

        Assert.Null(read.Error);
        Assert.True(read.Messages[0].IsComplete);
        Assert.Equal(expected, Message.Escape(read.Messages[0].Body.ToArray()));
        Assert.Equal("GET", Message.Escape(read.Rest));
    }

    [Theory]
    // chunk-size = 1*HEXDIG, of at most 16 digits and 2^63-1
    [InlineData("\r\n", 0)]
    [InlineData("g\r\n", 0)]
    [InlineData("-1\r\n", 0)]
    [InlineData("+1\r\n", 0)]
    [InlineData(" 1\r\n", 0)]
    [InlineData("0x1\r\n", 1)]
    [InlineData("1_0\r\n", 1)]
    [InlineData("8000000000000000\r\n", 15)]
    [InlineData("00000000000000001\r\n", 16)]
    // CR LF and nothing else
    [InlineData("1\nx\r\n", 1)]
    [InlineData("1\rx\r\n", 2)]
    [InlineData("1\r\r\nx\r\n", 2)]
    [InlineData("1 \r\nx\r\n", 2)]
    [InlineData("1\r\nxy\r\n", 4)]
    [InlineData("1\r\nx\n", 4)]
    [InlineData("1\r\nx\r0", 5)]
    [InlineData("0\n\n", 1)]
    // chunk-ext
    [InlineData("1;\r\nx\r\n", 2)]
    [InlineData("1;=a\r\nx\r\n", 2)]
    [InlineData("1;a=\r\nx\r\n", 4)]
    [InlineData("1;a b\r\nx\r\n", 4)]
    [InlineData("1;a \r\nx\r\n", 4)]
    [InlineData("1;a=b \r\nx\r\n", 6)]
    [InlineData("1;a=b c\r\nx\r\n", 6)]
    [InlineData("1;a=\"b\r\nx\r\n", 6)]
    [InlineData("1;a=\"b\"c\r\nx\r\n", 7)]
    [InlineData("1;a=\"\\\r\n\"\r\nx\r\n", 6)]
    [InlineData("1;a=\"\0\"\r\nx\r\n", 5)]
    [InlineData("1;a\nx\r\n", 3)]
    [InlineData("1;a\rb\r\nx\r\n", 4)]
    [InlineData("1\t\r;a\r\n", 2)]
    // trailer section; a fault is reported where its line ends
    [InlineData("0\r\nX\r\n\r\n", 6)]
    [InlineData("0\r\n X: y\r\n\r\n", 10)]
    [InlineData("0\r\nX : y\r\n\r\n", 10)]
    [InlineData("0\r\nX: y\n\r\n", 8)]
    [InlineData("0\r\nX: \0\r\n\r\n", 9)]
    [InlineData("0\r\n\n", 4)]
    [InlineData("0\r\n\rx\r\n", 7)]
    public void Anything_else_is_refused(string body, int offset)
    {
        var read = Wire.Requests(Head + body);

        Assert.Equal((400, offset), (read.Error?.Status, read.Error?.Offset));
    }

    [Fact]
    public void Trailers_are_kept_except_those_that_must_not_be()
    {
        var read = Wire.Requests(
            Head + "0\r\nX-Sum: 1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: b\r\nAuthorization: c\r\nETag: \"d\"\r\n\r\n");

        Assert.Equal([("X-Sum", "1"), ("ETag", "\"d\"")], read.Messages[0].Trailers);
        Assert.True(read.Messages[0].IsComplete);
    }

    [Fact]
    public void A_decoder_serves_one_body_after_the_other()
    {
        var decoder = new Http1ChunkedDecoder(Http1Limits.Default);

        Assert.Equal(ParseStatus.Done, decoder.Decode("0\r\nX: longer than before\r\n\r\n"u8, out var consumed, out _));
        Assert.Equal(28, consumed);
        Assert.Equal(1, decoder.Trailers!.Count);

        decoder.Reset();
        Assert.Null(decoder.Trailers);
        Assert.Equal(ParseStatus.Done, decoder.Decode("0\r\nY: z\r\n\r\n"u8, out _, out _));
        Assert.True(decoder.Trailers!.TryGet("y"u8, out var value));
        Assert.Equal("z"u8, value);

        decoder.Reset();
        Assert.Equal(ParseStatus.Failed, decoder.Decode("x"u8, out _, out _));
        Assert.NotNull(decoder.Error);
        decoder.Reset();
        Assert.Null(decoder.Error);
        Assert.Equal(ParseStatus.Done, decoder.Decode("0\r\n\r\n"u8, out _, out _));
        Assert.Null(decoder.Trailers);
    }

    [Fact]
    public void Nothing_is_taken_from_behind_the_end()
    {
        var decoder = new Http1ChunkedDecoder(Http1Limits.Default);

        Assert.Equal(ParseStatus.NeedMore, decoder.Decode("3\r\nabc\r\n0\r\n\r\nGET"u8, out var consumed, out var data));
        Assert.Equal((6, new Slice(3, 3)), (consumed, data));
        Assert.Equal(ParseStatus.Done, decoder.Decode("\r\n0\r\n\r\nGET"u8, out consumed, out data));
        Assert.Equal((7, 0), (consumed, data.Length));
        Assert.Equal(ParseStatus.Done, decoder.Decode("GET"u8, out consumed, out _));
        Assert.Equal(0, consumed);
    }

    [Fact]
    public void Every_field_that_frames_routes_or_authenticates_is_barred()
    {
        KnownHeader[] barred =
        [
            KnownHeader.ContentLength, KnownHeader.TransferEncoding, KnownHeader.Trailer, KnownHeader.Host, KnownHeader.Connection, KnownHeader.Upgrade,
            KnownHeader.Authorization, KnownHeader.Cookie, KnownHeader.SetCookie, KnownHeader.ContentType, KnownHeader.ContentEncoding,
            KnownHeader.ContentRange,
            KnownHeader.CacheControl, KnownHeader.Expect, KnownHeader.Range, KnownHeader.XForwardedFor, KnownHeader.Forwarded,
        ];

        Assert.All(barred, field => Assert.False(TrailerFields.IsAllowed(field), Encoding.ASCII.GetString(KnownHeaders.Name(field))));
        Assert.True(TrailerFields.IsAllowed(KnownHeader.None));
        Assert.True(TrailerFields.IsAllowed(KnownHeader.ETag));
    }
}
