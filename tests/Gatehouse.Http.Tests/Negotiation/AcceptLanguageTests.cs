using System.Text;
using CsCheck;
using Gatehouse.Http.Negotiation;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Negotiation;

public class AcceptLanguageTests
{
    [Theory]
    [InlineData("de, en;q=0.8", "en,de", "de")]
    [InlineData("de-CH-1996, en;q=0.8", "en,de", "de")]
    [InlineData("de;q=0.5, en;q=0.8", "en,de", "en")]
    [InlineData("DE-at", "de-AT,de", "de-AT")]
    // RFC 4647 section 3.4: zh-Hant-CN-x-private1 is shortened past the single x.
    [InlineData("zh-Hant-CN-x-private1-private2", "zh-Hant-CN-x,zh-Hant-CN", "zh-Hant-CN")]
    [InlineData("zh-Hant-CN-x-private1", "zh", "zh")]
    [InlineData("fr, *;q=0.1", "en,de", null)]
    [InlineData("en-GB, en;q=0", "en", null)]
    [InlineData("", "en", null)]
    [InlineData("de;q=x, en;q=0.1", "de,en", "en")]
    [InlineData("e2, en", "e2,en", "en")]
    [InlineData("en--GB, de;q=0.1", "en,de", "de")]
    public void Looks_up_as_RFC_4647_says(string value, string offered, string? expected)
    {
        var tags = offered.Split(',');
        var found = Lookup(value, tags.Select(Encoding.ASCII.GetBytes).ToArray());
        Assert.Equal(expected, found < 0 ? null : tags[found]);
    }

    [Fact]
    public void Reads_all_lines_of_a_request()
    {
        var exchange = new FakeExchange("GET", "/", ("Accept-Language", "fr;q=0.5"), ("Accept-Language", "de"));
        Assert.Equal(1, AcceptLanguage.Lookup(exchange.Request.Headers, ["fr"u8.ToArray(), "de"u8.ToArray()]));
    }

    [Fact]
    public void Refuses_to_be_offered_too_much() =>
        Assert.Throws<ArgumentException>(() => Lookup("en", Enumerable.Repeat("en"u8.ToArray(), 65).ToArray()));

    [Fact]
    public void Never_throws_on_random_bytes() =>
        Gen.OneOf(Gen.Byte, Gen.OneOf(",;=q- ende*0.".Select(c => (byte)c).ToArray())).Array[0, 64].Sample(bytes =>
            Lookup(Encoding.Latin1.GetString(bytes), ["en"u8.ToArray(), "de"u8.ToArray()]) is >= -1 and <= 1);

    private static int Lookup(string value, byte[][] offered) =>
        AcceptLanguage.Lookup(new FakeExchange("GET", "/", ("Accept-Language", value)).Request.Headers, offered);
}
