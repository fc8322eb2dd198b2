using System.Text;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Protocols.Tests.Http1;

public sealed class Http1WriterTests
{
    private delegate bool Part(Span<byte> destination, ref int at);

    [Theory]
    [InlineData(200, "HTTP/1.1 200 OK\r\n")]
    [InlineData(404, "HTTP/1.1 404 Not Found\r\n")]
    [InlineData(100, "HTTP/1.1 100 Continue\r\n")]
    [InlineData(599, "HTTP/1.1 599 \r\n")]
    [InlineData(299, "HTTP/1.1 299 \r\n")]
    public void A_status_line_has_the_registered_phrase(int status, string expected) =>
        Check(expected, (Span<byte> to, ref int at) => Http1Writer.TryStatusLine(to, ref at, status));

    [Theory]
    [InlineData(99)]
    [InlineData(600)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_status_out_of_range_is_a_fault_of_the_caller(int status) => Assert.Throws<ArgumentOutOfRangeException>(() =>
    {
        var at = 0;
        Http1Writer.TryStatusLine(new byte[100], ref at, status);
    });

    [Fact]
    public void A_request_line_has_one_space_between_its_parts() =>
        Check("GET /a?b HTTP/1.1\r\n", (Span<byte> to, ref int at) => Http1Writer.TryRequestLine(to, ref at, "GET"u8, "/a?b"u8));

    [Fact]
    public void A_field_has_a_colon_and_a_space()
    {
        Check("X-Y: z\r\n", (Span<byte> to, ref int at) => Http1Writer.TryField(to, ref at, new HeaderField(KnownHeader.None, "X-Y"u8, "z"u8)));
        Check("X-Y: \r\n", (Span<byte> to, ref int at) => Http1Writer.TryField(to, ref at, "X-Y"u8, ""u8));
        Check("ETag: \"a\"\r\n", (Span<byte> to, ref int at) => Http1Writer.TryField(to, ref at, KnownHeader.ETag, "\"a\""u8));
        Check("Age: 9223372036854775807\r\n", (Span<byte> to, ref int at) => Http1Writer.TryField(to, ref at, KnownHeader.Age, long.MaxValue));
    }

    [Theory]
    [InlineData(1, "1\r\n")]
    [InlineData(16, "10\r\n")]
    [InlineData(int.MaxValue, "7fffffff\r\n")]
    public void A_chunk_head_is_hexadecimal(int size, string expected) =>
        Check(expected, (Span<byte> to, ref int at) => Http1Writer.TryChunkHead(to, ref at, size));

    [Fact]
    public void An_empty_chunk_is_a_fault_of_the_caller() => Assert.Throws<ArgumentOutOfRangeException>(() =>
    {
        var at = 0;
        Http1Writer.TryChunkHead(new byte[100], ref at, 0);
    });

    [Fact]
    public void A_head_and_a_chunked_body_are_read_back()
    {
        var to = new byte[200];
        var at = 0;
        Assert.True(
            Http1Writer.TryStatusLine(to, ref at, 200) && Http1Writer.TryField(to, ref at, KnownHeader.TransferEncoding, "chunked"u8)
            && Http1Writer.TryEnd(to, ref at)
            && Http1Writer.TryChunkHead(to, ref at, 5) && Http1Writer.TryBytes(to, ref at, "hello"u8) && Http1Writer.TryBytes(to, ref at, Http1Writer.LineEnd)
            && Http1Writer.TryBytes(to, ref at, Http1Writer.LastChunkHead) && Http1Writer.TryField(to, ref at, "X"u8, "y"u8) && Http1Writer.TryEnd(to, ref at));

        var message = Assert.Single(Wire.Responses(to[..at], null).Messages);
        Assert.Equal("hello", Message.Escape(message.Body.ToArray()));
        Assert.Equal([("X", "y")], message.Trailers);
        Assert.Equal(ParseStatus.Done, new Http1ChunkedDecoder(Http1Limits.Default).Decode(Http1Writer.LastChunk, out _, out _));
    }

    // The part is written behind what is there; where it does not fit, nothing counts as written.
    private static void Check(string expected, Part write)
    {
        for (var room = 0; room <= expected.Length + 1; room++)
        {
            var buffer = new byte[3 + room];
            var at = 3;
            var fits = write(buffer, ref at);
            Assert.Equal(room >= expected.Length, fits);
            Assert.Equal(fits ? 3 + expected.Length : 3, at);
            if (fits)
                Assert.Equal(expected, Encoding.ASCII.GetString(buffer, 3, expected.Length));
        }
    }
}
