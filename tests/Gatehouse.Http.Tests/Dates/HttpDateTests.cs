using System.Text;
using CsCheck;
using Gatehouse.Http.Dates;

namespace Gatehouse.Http.Tests.Dates;

public class HttpDateTests
{
    private const long Now = 1_785_000_000; // 2026-07-25
    private const long FirstSecond = -62135596800;
    private const long LastSecond = 253402300799;

    private static readonly Gen<long> GenSecond = Gen.Long[FirstSecond, LastSecond];

    [Theory]
    [InlineData(784111777, "Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData(0, "Thu, 01 Jan 1970 00:00:00 GMT")]
    [InlineData(1709164799, "Wed, 28 Feb 2024 23:59:59 GMT")]
    [InlineData(1709164800, "Thu, 29 Feb 2024 00:00:00 GMT")]
    [InlineData(-1, "Wed, 31 Dec 1969 23:59:59 GMT")]
    [InlineData(LastSecond, "Fri, 31 Dec 9999 23:59:59 GMT")]
    [InlineData(FirstSecond, "Mon, 01 Jan 0001 00:00:00 GMT")]
    public void Formats(long seconds, string expected) => Assert.Equal(expected, Format(seconds));

    [Fact]
    public void Formatting_refuses_a_short_destination_and_a_year_that_has_no_form()
    {
        Assert.Throws<ArgumentException>(() => HttpDate.Format(0, new byte[HttpDate.Length - 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => HttpDate.Format(LastSecond + 1, new byte[HttpDate.Length]));
        Assert.Throws<ArgumentOutOfRangeException>(() => HttpDate.Format(long.MinValue, new byte[HttpDate.Length]));
    }

    [Fact]
    public void Formatting_allocates_nothing()
    {
        var destination = new byte[HttpDate.Length];
        HttpDate.Format(1, destination);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var second = 0; second < 1000; second++)
            HttpDate.Format(second, destination);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", 784111777)]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", 784111777)]
    [InlineData("Sun Nov  6 08:49:37 1994", 784111777)]
    [InlineData("Wed Nov 16 08:49:37 1994", 784975777)]
    [InlineData("Sun Nov 06 08:49:37 1994", 784111777)]
    [InlineData("Mon, 06 Nov 1994 08:49:37 GMT", 784111777)] // the day's name is not compared
    [InlineData("Sat, 31 Dec 2016 23:59:60 GMT", 1483228800)] // leap second
    [InlineData("Thu, 29 Feb 2024 00:00:00 GMT", 1709164800)]
    public void Parses_the_three_forms(string value, long expected)
    {
        Assert.True(HttpDate.TryParse(Encoding.ASCII.GetBytes(value), Now, out var seconds));
        Assert.Equal(expected, seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("now")]
    [InlineData("Sun, 06 Nov 1994 08:49:37")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 gmt")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 UTC")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 +0000")]
    [InlineData("sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 6 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun,06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun,  6 Nov 1994 08:49:37 GMT")]
    [InlineData("Son, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Noo 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 94 08:49:37 GMT")]
    [InlineData("Sun, 00 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 31 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 29 Feb 2023 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 0000 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 24:00:00 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:60:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:49:61 GMT")]
    [InlineData("Sun, 06 Nov 1994 8:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 08.49.37 GMT")]
    [InlineData("Sun, 06-Nov-1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT ")]
    [InlineData(" Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Fri, 31 Dec 9999 23:59:60 GMT")]
    [InlineData("Sun, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sunday, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sunday, 06-Nov-1994 08:49:37 GMT")]
    [InlineData("Sunday, 6-Nov-94 08:49:37 GMT")]
    [InlineData("Sunday, 31-Nov-94 08:49:37 GMT")]
    [InlineData("Someday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sun Nov 6 08:49:37 1994")]
    [InlineData("Sun Nov  6 08:49:37 1994 GMT")]
    [InlineData("Sun Nov  0 08:49:37 1994")]
    [InlineData("Sun, Nov  6 08:49:37 1994")]
    [InlineData("Sun Nov  6 08:49:37 94  ")]
    public void Refuses_what_no_form_allows(string value) => Assert.False(HttpDate.TryParse(Encoding.ASCII.GetBytes(value), Now, out _));

    [Theory]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", 1994)]
    [InlineData("Sunday, 06-Nov-26 08:49:37 GMT", 2026)]
    [InlineData("Sunday, 06-Nov-75 08:49:37 GMT", 2075)]
    [InlineData("Sunday, 01-Jul-76 08:49:37 GMT", 2076)] // less than 50 years ahead of July 2026
    [InlineData("Sunday, 01-Aug-76 08:49:37 GMT", 1976)] // more
    [InlineData("Sunday, 06-Nov-77 08:49:37 GMT", 1977)]
    [InlineData("Sunday, 06-Nov-00 08:49:37 GMT", 2000)]
    public void Takes_a_two_digit_year_to_be_at_most_fifty_years_ahead(string value, int year)
    {
        Assert.True(HttpDate.TryParse(Encoding.ASCII.GetBytes(value), Now, out var seconds));
        Assert.Equal(year, DateTimeOffset.FromUnixTimeSeconds(seconds).Year);
    }

    [Fact]
    public void Parsing_undoes_formatting() => GenSecond.Sample(second =>
        HttpDate.TryParse(Encoding.ASCII.GetBytes(Format(second)), Now, out var parsed) && parsed == second);

    [Fact]
    public void The_obsolete_forms_round_trip() => Gen.Long[Now - 1_570_000_000, Now + 1_570_000_000].Sample(second =>
    {
        var date = DateTimeOffset.FromUnixTimeSeconds(second);
        var rfc850 = date.ToString("dddd, dd-MMM-yy HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) + " GMT";
        var asctime = date.ToString("ddd MMM ", System.Globalization.CultureInfo.InvariantCulture) + $"{date.Day,2} {date:HH:mm:ss yyyy}";
        return HttpDate.TryParse(Encoding.ASCII.GetBytes(rfc850), Now, out var first) && first == second
            && HttpDate.TryParse(Encoding.ASCII.GetBytes(asctime), Now, out var last) && last == second;
    });

    [Fact]
    public void Changing_any_byte_never_throws_and_what_parses_has_a_form() =>
        Gen.Select(GenSecond, Gen.Int[0, HttpDate.Length - 1], Gen.Byte).Sample((second, at, value) =>
        {
            var bytes = Encoding.ASCII.GetBytes(Format(second));
            bytes[at] = value;
            return !HttpDate.TryParse(bytes, Now, out var parsed) || Format(parsed).Length == HttpDate.Length;
        });

    [Fact]
    public void Random_bytes_never_throw() => Gen.Byte.Array[0, 64].Sample(bytes => HttpDate.TryParse(bytes, Now, out var second) || second == 0);

    [Fact]
    public void The_cache_formats_each_second_once_and_never_a_stale_one()
    {
        var cache = new HttpDateCache();
        Gen.Long[784111777, 784111780].Sample(second => Encoding.ASCII.GetString(cache.Format(second)) == Format(second), threads: 1);
        Assert.True(cache.Format(5) == cache.Format(5));
    }

    private static string Format(long second)
    {
        var destination = new byte[HttpDate.Length];
        HttpDate.Format(second, destination);
        return Encoding.ASCII.GetString(destination);
    }
}
