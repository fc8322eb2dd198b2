using System.Text;
using System.Text.Json;
using CsCheck;
using Gatehouse.Http.Cookies;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Cookies;

public class CookieDateTests
{
    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z")]
    [InlineData("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z")]
    [InlineData("1 jan 00 0:0:0", "2000-01-01T00:00:00Z")]
    [InlineData("31 DECEMBER 9999 23:59:59", "9999-12-31T23:59:59Z")]
    [InlineData("1 Jan 69 1:2:3", "2069-01-01T01:02:03Z")]
    [InlineData("1 Jan 70 1:2:3", "1970-01-01T01:02:03Z")]
    [InlineData("1 Jan 1601 1:2:3", "1601-01-01T01:02:03Z")]
    [InlineData("29 Feb 2024 00:00:00 -0700", "2024-02-29T00:00:00Z")]
    [InlineData("10x Mar 2020y 1:2:3z", "2020-03-10T01:02:03Z")]
    [InlineData("10:11:12 2 3 apr 2011", "2011-04-02T10:11:12Z")]
    public void Reads_dates_in_any_order_and_company(string text, string expected)
    {
        // The last row: "2" is the day, "3" is neither day (found) nor year (two digits at least), so it is ignored.
        Assert.True(CookieDate.TryParse(Encoding.ASCII.GetBytes(text), out var date));
        Assert.Equal(DateTimeOffset.Parse(expected, null), date);
        Assert.Equal(TimeSpan.Zero, date.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sun")]
    [InlineData("06 Nov 1994")]
    [InlineData("06 Nov 08:49:37")]
    [InlineData("Nov 1994 08:49:37")]
    [InlineData("06 1994 08:49:37")]
    [InlineData("30 Feb 2020 00:00:00")]
    [InlineData("29 Feb 2023 00:00:00")]
    [InlineData("0 Jan 2020 00:00:00")]
    [InlineData("32 Jan 2020 00:00:00")]
    [InlineData("1 Jan 1600 00:00:00")]
    [InlineData("1 Jan 100 00:00:00")]
    [InlineData("1 Jan 12020 00:00:00")]
    [InlineData("1 Jan 2020 24:00:00")]
    [InlineData("1 Jan 2020 00:60:00")]
    [InlineData("1 Jan 2020 00:00:60")]
    [InlineData("1 Jan 2020 000:00:00")]
    [InlineData("1 Jan 2020 00:00")]
    [InlineData("1 Jan 2020 00:00:")]
    [InlineData("1 Ja 2020 00:00:00")]
    public void Refuses_what_is_no_date(string text) => Assert.False(CookieDate.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Reads_back_every_date_that_SetCookie_writes() =>
        Gen.Long[new DateTimeOffset(1601, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds()].Sample(seconds =>
        {
            var date = DateTimeOffset.FromUnixTimeSeconds(seconds);
            return CookieDate.TryParse(Encoding.ASCII.GetBytes(date.ToString("R", null)), out var read) && read == date;
        });

    [Fact]
    public void Never_throws_on_random_bytes()
    {
        Gen.Byte.Array[0, 60].Sample(bytes => { CookieDate.TryParse(bytes, out _); });
        var tokens = Gen.OneOfConst("1", "31", "99", "2024", "Feb", "jan", "11:22:33", "1:2", "::", " ", "-", ",", "999999999999999", "x");
        tokens.Array[0, 12].Sample(parts => { CookieDate.TryParse(Encoding.ASCII.GetBytes(string.Join(' ', parts)), out _); });
    }

    [Fact]
    public void Corpus_http_state_dates()
    {
        var folder = Path.Combine(Corpora.Folder("http-state-cookies"), "dates");
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip };
        var cases = 0;
        foreach (var file in Directory.GetFiles(folder, "*.json"))
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file), options);
            foreach (var test in json.RootElement.EnumerateArray())
            {
                var text = test.GetProperty("test").GetString()!;
                var expected = test.GetProperty("expected").GetString();
                var isDate = CookieDate.TryParse(Encoding.UTF8.GetBytes(text), out var date);
                Assert.True(isDate == expected is not null && (!isDate || date.ToString("R", null) == expected), $"{text}: {date:R}, not {expected}");
                cases++;
            }
        }
        Assert.True(cases >= 40, $"only {cases} cases in {folder}");
    }
}
