using System.Text;
using CsCheck;
using Gatehouse.Http.Negotiation;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Negotiation;

public class AcceptTests
{
    // The table of RFC 9110 section 12.5.1.
    private const string Example = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5";

    [Theory]
    [InlineData("text/plain;format=flowed", 1000)]
    [InlineData("text/plain", 700)]
    [InlineData("text/html", 300)]
    [InlineData("image/jpeg", 500)]
    [InlineData("text/plain;format=fixed", 400)]
    [InlineData("text/html;level=3", 300)]
    public void Weighs_the_example_of_the_RFC(string mediaType, int expected) => Assert.Equal(expected, WeightOf(Example, mediaType));

    [Theory]
    [InlineData("", "text/html", 1000)]
    [InlineData("application/json", "text/html", 0)]
    [InlineData("TEXT/Html", "text/html", 1000)]
    [InlineData("text/html;charset=\"UTF-8\"", "text/html; charset=utf-8", 1000)]
    [InlineData("text/html;v=\"\\a\"", "text/html;v=a", 1000)]
    [InlineData("text/html;v=A", "text/html;v=a", 0)]
    [InlineData("text/html;q=0.5;v=a", "text/html;v=a", 500)]
    [InlineData("text/html;q=2, */*;q=0.1", "text/html", 100)]
    [InlineData("*/html, text/*", "text/html", 1000)]
    [InlineData("text", "text/html", 1000)]
    [InlineData("text/html;title=\"a, b;q=0\";q=0.5", "text/html;title=\"a, b;q=0\"", 500)]
    public void Weighs_by_the_most_specific_range(string accept, string mediaType, int expected) => Assert.Equal(expected, WeightOf(accept, mediaType));

    [Fact]
    public void Chooses_the_first_of_the_best()
    {
        byte[][] offered = ["application/json"u8.ToArray(), "text/html"u8.ToArray(), "text/plain"u8.ToArray()];
        Assert.Equal(1, Accept.Choose(new FakeExchange("GET", "/", ("Accept", "text/plain"), ("Accept", "text/html")).Request.Headers, offered));
        Assert.Equal(0, Accept.Choose(new FakeExchange().Request.Headers, offered));
        Assert.Equal(-1, Accept.Choose(new FakeExchange("GET", "/", ("Accept", "image/*")).Request.Headers, offered));
    }

    [Fact]
    public void Never_throws_on_random_bytes() =>
        Gen.OneOf(Gen.Byte, Gen.OneOf(",;=q\"\\ /*text0.".Select(c => (byte)c).ToArray())).Array[0, 64].Sample(bytes =>
            WeightOf(Encoding.Latin1.GetString(bytes), "text/html;a=b") is >= 0 and <= 1000);

    private static int WeightOf(string accept, string mediaType) =>
        Accept.WeightOf(new FakeExchange("GET", "/", ("Accept", accept)).Request.Headers, Encoding.Latin1.GetBytes(mediaType));
}
