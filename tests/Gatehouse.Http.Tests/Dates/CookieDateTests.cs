using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Gatehouse.Http.Dates;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Dates;

public class CookieDateTests
{
    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37")]
    [InlineData("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37")]
    [InlineData("6 nov 1994 8:9:7", "1994-11-06T08:09:07")]
    [InlineData("1994 november 08:49:37 6", "1994-11-06T08:49:37")] // 1994 is no day: too many digits
    [InlineData("8:49:37;6;NOVEMBER;94", "1994-11-06T08:49:37")]
    [InlineData("06-Nov-69 00:00:00", "2069-11-06T00:00:00")]
    [InlineData("06-Nov-70 00:00:00", "1970-11-06T00:00:00")]
    [InlineData("06-Nov-1601 00:00:00", "1601-11-06T00:00:00")]
    [InlineData("6th Nov 1994z 08:49:37.5", "1994-11-06T08:49:37")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 -0500", "1994-11-06T08:49:37")] // zones are not part of the algorithm
    public void Finds_the_parts_in_any_order(string value, string expected)
    {
        Assert.True(CookieDate.TryParse(Encoding.UTF8.GetBytes(value), out var date));
        Assert.Equal(expected, date.ToString("s", CultureInfo.InvariantCulture));
        Assert.Equal(TimeSpan.Zero, date.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sun, 06 Nov 1994")]
    [InlineData("Sun, 06 Nov 08:49:37")]
    [InlineData("Sun, Nov 1994 08:49:37")]
    [InlineData("06 1994 08:49:37")]
    [InlineData("06 Nov 1600 08:49:37")]
    [InlineData("06 Nov 100 08:49:37")]
    [InlineData("06 Nov 19940 08:49:37")]
    [InlineData("31 Nov 1994 08:49:37")]
    [InlineData("00 Nov 1994 08:49:37")]
    [InlineData("29 Feb 2023 08:49:37")]
    [InlineData("06 Nov 1994 24:49:37")]
    [InlineData("06 Nov 1994 08:60:37")]
    [InlineData("06 Nov 1994 08:49:60")]
    [InlineData("06 Nov 1994 008:49:37")]
    [InlineData("06 Nov 1994 08:49:377")]
    [InlineData("06 Nov 1994 08:49")]
    public void Refuses_what_lacks_a_part(string value) => Assert.False(CookieDate.TryParse(Encoding.UTF8.GetBytes(value), out _));

    [Fact]
    public void Reads_every_http_date() => Gen.Long[-11644473600, 253402300799].Sample(second =>
    {
        var bytes = new byte[HttpDate.Length];
        HttpDate.Format(second, bytes);
        return CookieDate.TryParse(bytes, out var date) && date.ToUnixTimeSeconds() == second;
    });

    [Fact]
    public void Random_bytes_never_throw() => Gen.OneOf(Gen.Byte, Gen.OneOf((byte)'1', (byte)':', (byte)' ', (byte)'j', (byte)'a', (byte)'n')).Array[0, 64]
        .Sample(bytes => CookieDate.TryParse(bytes, out var date) || date == default);

    [Theory]
    [InlineData("examples.json")]
    [InlineData("bsd-examples.json")]
    public void Agrees_with_the_http_state_cases(string file)
    {
        var path = Path.Combine(Corpora.Folder("http-state-cookies"), "dates", file);
        using var cases = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        Assert.All(cases.RootElement.EnumerateArray(), element =>
        {
            var input = element.GetProperty("test").GetString()!;
            var actual = CookieDate.TryParse(Encoding.UTF8.GetBytes(input), out var date) ? date.ToString("r", CultureInfo.InvariantCulture) : null;
            Assert.True(element.GetProperty("expected").GetString() == actual, $"{input}: expected {element.GetProperty("expected")}, found {actual}");
        });
    }
}
