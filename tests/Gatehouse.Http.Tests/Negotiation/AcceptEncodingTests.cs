using System.Text;
using CsCheck;
using Gatehouse.Http.Content;
using Gatehouse.Http.Negotiation;
using Gatehouse.Protocols.Headers;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Negotiation;

public class AcceptEncodingTests
{
    private static readonly ContentCoding[] All = [ContentCoding.Zstandard, ContentCoding.Brotli, ContentCoding.Gzip, ContentCoding.Deflate];

    [Theory]
    [InlineData("gzip, deflate, br, zstd", ContentCoding.Zstandard)]
    [InlineData("gzip, deflate, br", ContentCoding.Brotli)]
    [InlineData("gzip", ContentCoding.Gzip)]
    [InlineData("GZIP", ContentCoding.Gzip)]
    [InlineData("x-gzip", ContentCoding.Gzip)]
    [InlineData("compress, gzip", ContentCoding.Gzip)]
    [InlineData("", ContentCoding.Identity)]
    [InlineData("*", ContentCoding.Zstandard)]
    [InlineData("br;q=1.0, gzip;q=0.8, *;q=0.1", ContentCoding.Brotli)]
    [InlineData("gzip;q=1.0, identity; q=0.5, *;q=0", ContentCoding.Gzip)]
    [InlineData("gzip;q=0.5, br;q=0.501", ContentCoding.Brotli)]
    [InlineData("gzip;q=0", ContentCoding.Identity)]
    [InlineData("gzip;q=0, *", ContentCoding.Zstandard)]
    [InlineData("identity, gzip;q=0.5", ContentCoding.Identity)]
    [InlineData("gzip;q=0.001", ContentCoding.Gzip)]
    [InlineData(" , ,gzip ;\tq=1 ,, ", ContentCoding.Gzip)]
    // Malformed members say nothing.
    [InlineData("gzip;q=1.1, deflate", ContentCoding.Deflate)]
    [InlineData("gzip;q=0.1234, deflate;q=0.1", ContentCoding.Deflate)]
    [InlineData("gzip;q=.5", ContentCoding.Identity)]
    [InlineData("gzip;q", ContentCoding.Identity)]
    [InlineData("gzip;q=1;q=1", ContentCoding.Identity)]
    [InlineData("gzip; q = 1", ContentCoding.Identity)]
    [InlineData("gzip;level=9", ContentCoding.Identity)]
    [InlineData("gzip deflate", ContentCoding.Identity)]
    public void Chooses_the_highest_weight_then_the_servers_order(string value, ContentCoding expected)
    {
        Assert.True(Parse(value).TryChoose(All, out var coding));
        Assert.Equal(expected, coding);
    }

    [Theory]
    [InlineData("identity;q=0")]
    [InlineData("*;q=0")]
    [InlineData("identity;q=0, gzip;q=0, *;q=0.0")]
    [InlineData("compress, *;q=0")]
    public void Says_when_nothing_is_acceptable(string value)
    {
        Assert.False(Parse(value).TryChoose(All, out var coding));
        Assert.Equal(ContentCoding.Identity, coding);
    }

    [Fact]
    public void A_specific_identity_beats_an_excluding_wildcard() =>
        Assert.True(Parse("*;q=0, identity;q=0.1").TryChoose(All, out _));

    [Fact]
    public void Reads_all_lines_of_a_request()
    {
        var exchange = new FakeExchange("GET", "/", ("Accept-Encoding", "gzip;q=0.5"), ("X", "br"), ("accept-encoding", "deflate"));
        Assert.True(AcceptEncoding.Parse(exchange.Request.Headers).TryChoose(All, out var coding));
        Assert.Equal(ContentCoding.Deflate, coding);
        Assert.True(AcceptEncoding.Parse(new FakeExchange().Request.Headers).TryChoose(All, out coding));
        Assert.Equal(ContentCoding.Identity, coding);
    }

    [Fact]
    public void Any_weight_survives_being_written_and_read() => Gen.Int[0, 1000].Sample(thousandths =>
    {
        var text = thousandths == 1000 ? "1.000" : $"0.{thousandths:000}";
        return Parse($"br;q={text}").WeightOf(ContentCoding.Brotli) == thousandths;
    });

    [Fact]
    public void Never_throws_on_random_bytes() =>
        Gen.OneOf(Gen.Byte, Gen.OneOf(",;=q\"\\ \tgzip*01.".Select(c => (byte)c).ToArray())).Array[0, 64].Sample(bytes =>
            Parse(Encoding.Latin1.GetString(bytes)).TryChoose(All, out var coding) || coding == ContentCoding.Identity);

    [Fact]
    public void Allocates_nothing()
    {
        var headers = Headers("gzip;q=0.5, deflate, br;q=x, \"a\\\",b\", zstd;q=0.9");
        AcceptEncoding.Parse(headers).TryChoose(All, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        AcceptEncoding.Parse(headers).TryChoose(All, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_long_hostile_value_is_read_in_linear_time()
    {
        var headers = Headers(string.Concat(Enumerable.Repeat("\"a,", 100_000)));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        AcceptEncoding.Parse(headers);
        Assert.True(watch.ElapsedMilliseconds < 1000, $"took {watch.ElapsedMilliseconds} ms");
    }

    private static HeaderTable Headers(string value) => new FakeExchange("GET", "/", ("Accept-Encoding", value)).Request.Headers;

    private static AcceptEncoding Parse(string value) => AcceptEncoding.Parse(Headers(value));
}
