using System.Text;
using CsCheck;
using Gatehouse.Http.Content;

namespace Gatehouse.Http.Tests.Content;

public class MediaTypeTests
{
    [Theory]
    [InlineData("text/html", "text", "html")]
    [InlineData(" text/html ; charset=utf-8", "text", "html")]
    [InlineData("text/html;;a=b; ;c=\"d;e\"", "text", "html")]
    [InlineData("application/vnd.api+json", "application", "vnd.api+json")]
    public void Reads(string text, string type, string subtype)
    {
        Assert.True(MediaType.TryParse(Encoding.Latin1.GetBytes(text), out var parsed));
        Assert.Equal(type, Encoding.Latin1.GetString(parsed.Type));
        Assert.Equal(subtype, Encoding.Latin1.GetString(parsed.Subtype));
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("text/")]
    [InlineData("/html")]
    [InlineData("text /html")]
    [InlineData("text/html charset=x")]
    [InlineData("text/html; charset")]
    [InlineData("text/html; charset = x")]
    [InlineData("text/html; charset=")]
    [InlineData("text/html; a=\"b")]
    [InlineData("text/html; a=\"b\\\"")]
    [InlineData("text/html, text/plain")]
    public void Refuses(string text) => Assert.False(MediaType.TryParse(Encoding.Latin1.GetBytes(text), out _));

    [Fact]
    public void Finds_parameters_without_their_quotes()
    {
        Assert.True(MediaType.TryParse("multipart/form-data; x=1; Boundary=\"a \\\"b\\\\\"; boundary=second"u8, out var type));
        Assert.True(type.Is("Multipart/Form-Data"u8));
        Assert.True(type.TryGetParameter("boundary"u8, out var boundary));
        Assert.Equal("a \"b\\", Encoding.Latin1.GetString(boundary));
        Assert.False(type.TryGetParameter("charset"u8, out _));
    }

    [Fact]
    public void A_value_survives_being_quoted_and_read() =>
        Gen.Char[' ', '~'].Array[0, 30].Select(c => new string(c)).Sample(value =>
        {
            var quoted = value.Replace("\\", "\\\\").Replace("\"", "\\\"");
            Assert.True(MediaType.TryParse(Encoding.ASCII.GetBytes($"a/b;v=\"{quoted}\";w=x"), out var type));
            Assert.True(type.TryGetParameter("v"u8, out var read));
            Assert.Equal(value, Encoding.ASCII.GetString(read));
            Assert.True(type.TryGetParameter("w"u8, out _));
        });

    [Fact]
    public void Never_throws_on_random_bytes() =>
        Gen.OneOf(Gen.Byte, Gen.OneOf("a/b;=\"\\ ".Select(c => (byte)c).ToArray())).Array[0, 40].Sample(bytes =>
        {
            if (MediaType.TryParse(bytes, out var type))
                type.TryGetParameter("a"u8, out _);
        });
}
