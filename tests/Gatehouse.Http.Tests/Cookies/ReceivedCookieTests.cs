using System.Text;
using CsCheck;
using Gatehouse.Http.Cookies;

namespace Gatehouse.Http.Tests.Cookies;

public class ReceivedCookieTests
{
    [Theory]
    [InlineData("a=b", "a", "b")]
    [InlineData(" a = b ; Path=/", "a", "b")]
    [InlineData("a=b=c", "a", "b=c")]
    [InlineData("a", "", "a")]
    [InlineData("=a", "", "a")]
    [InlineData("a=", "a", "")]
    [InlineData("a=\"b c\"; x", "a", "\"b c\"")]
    [InlineData("a\tb=c\td", "a\tb", "c\td")]
    public void Splits_name_and_value(string field, string name, string value)
    {
        Assert.Equal(CookieRefusal.None, ReceivedCookie.Parse(Encoding.UTF8.GetBytes(field), out var cookie));
        Assert.Equal(name, Encoding.UTF8.GetString(cookie.Name));
        Assert.Equal(value, Encoding.UTF8.GetString(cookie.Value));
    }

    [Theory]
    [InlineData("", CookieRefusal.Empty)]
    [InlineData(" = ; Secure", CookieRefusal.Empty)]
    [InlineData("; a=b", CookieRefusal.Empty)]
    [InlineData("a=b\0", CookieRefusal.ControlCharacter)]
    [InlineData("a=b; Path=/\u007f", CookieRefusal.ControlCharacter)]
    [InlineData("a=b\nc", CookieRefusal.ControlCharacter)]
    public void Refuses(string field, CookieRefusal refusal) => Assert.Equal(refusal, ReceivedCookie.Parse(Encoding.UTF8.GetBytes(field), out _));

    [Fact]
    public void Bounds_the_sizes()
    {
        Assert.Equal(CookieRefusal.None, ReceivedCookie.Parse(Encoding.ASCII.GetBytes("n=" + new string('v', 4095)), out _));
        Assert.Equal(CookieRefusal.TooLong, ReceivedCookie.Parse(Encoding.ASCII.GetBytes("n=" + new string('v', 4096)), out _));
        ReceivedCookie.Parse(Encoding.ASCII.GetBytes("n=v; Path=/x; Path=/" + new string('p', 1023)), out var cookie);
        Assert.Equal(1024, cookie.Path.Length);
        ReceivedCookie.Parse(Encoding.ASCII.GetBytes("n=v; Path=/x; Path=/" + new string('p', 1024)), out cookie);
        Assert.Equal("/x"u8, cookie.Path);
    }

    [Fact]
    public void Reads_every_attribute_in_any_case()
    {
        const string Field = "a=b; EXPIRES=Sun, 06 Nov 1994 08:49:37 GMT; max-age=-12; dOmain=.Example.COM; path=/x y; sECURE=no; HTTPonly; "
            + "samesite=sTrict; PARTITIONED; other=1";
        Assert.Equal(CookieRefusal.None, ReceivedCookie.Parse(Encoding.ASCII.GetBytes(Field), out var cookie));
        Assert.Equal(new DateTimeOffset(1994, 11, 6, 8, 49, 37, TimeSpan.Zero), cookie.Expires);
        Assert.Equal(-12, cookie.MaxAge);
        Assert.Equal("Example.COM"u8, cookie.Domain);
        Assert.Equal("/x y"u8, cookie.Path);
        Assert.True(cookie.Secure && cookie.HttpOnly && cookie.Partitioned);
        Assert.Equal(SameSite.Strict, cookie.SameSite);
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-0", 0L)]
    [InlineData("007", 7L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("99999999999999999999999999", long.MaxValue)]
    [InlineData("-99999999999999999999999999", long.MinValue)]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData("+1", null)]
    [InlineData("1.5", null)]
    [InlineData("1s", null)]
    [InlineData("--1", null)]
    [InlineData("\"1\"", null)]
    public void Reads_Max_Age_of_any_length(string value, long? expected)
    {
        ReceivedCookie.Parse(Encoding.ASCII.GetBytes("a=b; Max-Age=" + value), out var cookie);
        Assert.Equal(expected, cookie.MaxAge);
    }

    [Fact]
    public void The_last_attribute_counts()
    {
        ReceivedCookie.Parse("a=b; Path=/x; Path=y; SameSite=None; SameSite=huh; Max-Age=1; Max-Age=x; Domain=a.b; Domain="u8, out var cookie);
        Assert.True(cookie.Path.IsEmpty);
        Assert.Equal(SameSite.Default, cookie.SameSite);
        Assert.Equal(1, cookie.MaxAge);
        Assert.Equal("a.b"u8, cookie.Domain);
    }

    [Fact]
    public void Never_throws_on_random_bytes()
    {
        Gen.Byte.Array[0, 200].Sample(bytes => { ReceivedCookie.Parse(bytes, out _); });
        Gen.OneOf("a", "=", ";", " ", "Path", "/", "Domain", ".", "Max-Age", "-", "99", "Expires", "SameSite", "\t", "\u00e9").Array[0, 30]
            .Sample(parts => { ReceivedCookie.Parse(Encoding.UTF8.GetBytes(string.Concat(parts)), out _); });
    }
}
