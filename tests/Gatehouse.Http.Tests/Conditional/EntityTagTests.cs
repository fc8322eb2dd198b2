using System.Text;
using Gatehouse.Http.Conditional;
using Gatehouse.Protocols.Headers;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Conditional;

public class EntityTagTests
{
    // The table of RFC 9110 section 8.8.3.2.
    [Theory]
    [InlineData("W/\"1\"", "W/\"1\"", false, true)]
    [InlineData("W/\"1\"", "W/\"2\"", false, false)]
    [InlineData("W/\"1\"", "\"1\"", false, true)]
    [InlineData("\"1\"", "\"1\"", true, true)]
    [InlineData("", "", false, false)]
    public void Compares(string left, string right, bool strong, bool weak)
    {
        var (a, b) = (Encoding.ASCII.GetBytes(left), Encoding.ASCII.GetBytes(right));
        Assert.Equal(strong, EntityTag.StrongEquals(a, b));
        Assert.Equal(strong, EntityTag.StrongEquals(b, a));
        Assert.Equal(weak, EntityTag.WeakEquals(a, b));
        Assert.Equal(weak, EntityTag.WeakEquals(b, a));
    }

    [Theory]
    [InlineData("\"\"", true)]
    [InlineData("W/\"a,b\"", true)]
    [InlineData("\"\u00e9!#~\"", true)]
    [InlineData("w/\"a\"", false)]
    [InlineData("\"a b\"", false)]
    [InlineData("\"a", false)]
    [InlineData("\"", false)]
    [InlineData("a", false)]
    [InlineData("\"a\"b\"", false)]
    public void Knows_the_grammar(string tag, bool valid) => Assert.Equal(valid, EntityTag.IsValid(Encoding.Latin1.GetBytes(tag)));

    [Theory]
    [InlineData("\"a\", \"b,c\" ,\"d\"", "\"b,c\"", true)]
    [InlineData("\"a\",W/\"b\"", "\"b\"", false)]
    [InlineData("*", "\"b\"", true)]
    [InlineData("*", "", true)]
    [InlineData("b", "\"b\"", false)]
    public void Finds_strong_tags_in_a_list(string list, string tag, bool expected)
    {
        var headers = new FakeExchange("GET", "/", ("If-Match", "\"x\""), ("If-Match", list)).Request.Headers;
        Assert.Equal(expected, EntityTag.IsListed(headers, KnownHeader.IfMatch, Encoding.ASCII.GetBytes(tag), strong: true));
    }

    [Fact]
    public void Formats_time_and_length()
    {
        Span<byte> tag = stackalloc byte[EntityTag.MaxFormatted];
        Assert.Equal("\"17979cfe362a0000-1f\"", Encoding.ASCII.GetString(tag[..EntityTag.Format(1_700_000_000_000_000_000, 31, tag)]));
        Assert.Equal(EntityTag.MaxFormatted, EntityTag.Format(-1, -1, tag));
        Assert.True(EntityTag.IsValid(tag));
    }
}
