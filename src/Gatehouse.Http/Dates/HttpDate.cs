using System.Globalization;

namespace Gatehouse.Http.Dates;

/// <summary>HTTP-date of RFC 9110 section 5.6.7, between bytes and seconds since 1970-01-01T00:00:00Z (Unix time, no leap seconds).</summary>
public static class HttpDate
{
    /// <summary>Length in bytes of what <see cref="Format"/> writes.</summary>
    public const int Length = 29;

    private const long LastSecond = 253402300799; // 9999-12-31T23:59:59Z, the last that four digits of year can say

    /// <summary>Writes IMF-fixdate, such as <c>Sun, 06 Nov 1994 08:49:37 GMT</c>: <see cref="Length"/> bytes, nothing allocated.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <see cref="Length"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The year is outside of 1 to 9999.</exception>
    public static void Format(long unixSeconds, Span<byte> destination)
    {
        if (!DateTimeOffset.FromUnixTimeSeconds(unixSeconds).TryFormat(destination, out _, "r", CultureInfo.InvariantCulture))
            throw new ArgumentException($"An HTTP date takes {Length} bytes, the destination has {destination.Length}.", nameof(destination));
    }

    /// <summary>
    /// Reads any of the three forms a recipient has to accept: IMF-fixdate, RFC 850 and asctime, strictly by their grammar (case-sensitive, GMT only).
    /// One leniency: the name of the day has to be one, but is not compared with the date, since it adds nothing to it and senders get it wrong.
    /// </summary>
    /// <param name="value">The field value without surrounding whitespace.</param>
    /// <param name="now">The present, in seconds since 1970, which decides the century of RFC 850's two-digit year.</param>
    /// <param name="unixSeconds">Seconds since 1970-01-01T00:00:00Z. A leap second (second 60) is the first second of the next minute.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="now"/> is past the year 9949.</exception>
    public static bool TryParse(ReadOnlySpan<byte> value, long now, out long unixSeconds)
    {
        unixSeconds = 0;
        var comma = value.IndexOf((byte)',');
        return comma switch
        {
            < 0 => TryParseAsctime(value, out unixSeconds),
            3 => TryParseFixdate(value, out unixSeconds),
            _ => TryParseRfc850(value, comma, now, out unixSeconds),
        };
    }

    // IMF-fixdate = day-name "," SP 2DIGIT SP month SP 4DIGIT SP time-of-day SP GMT
    //               Sun, 06 Nov 1994 08:49:37 GMT
    private static bool TryParseFixdate(ReadOnlySpan<byte> value, out long unixSeconds)
    {
        unixSeconds = 0;
        return value.Length == Length && CalendarNames.IsDay(value[..3]) && value[4] == ' ' && TryDigits(value.Slice(5, 2), out var day)
            && value[7] == ' ' && CalendarNames.TryMonth(value.Slice(8, 3), out var month) && value[11] == ' ' && TryDigits(value.Slice(12, 4), out var year)
            && value[16] == ' ' && TryTimeOfDay(value.Slice(17, 8), out var seconds) && value[25..].SequenceEqual(" GMT"u8)
            && TryCombine(year, month, day, seconds, out unixSeconds);
    }

    // rfc850-date = day-name-l "," SP 2DIGIT "-" month "-" 2DIGIT SP time-of-day SP GMT
    //               Sunday, 06-Nov-94 08:49:37 GMT
    private static bool TryParseRfc850(ReadOnlySpan<byte> value, int comma, long now, out long unixSeconds)
    {
        unixSeconds = 0;
        if (!CalendarNames.IsLongDay(value[..comma]))
            return false;
        var rest = value[(comma + 1)..];
        if (rest.Length != 23 || rest[0] != ' ' || !TryDigits(rest.Slice(1, 2), out var day) || rest[3] != '-'
            || !CalendarNames.TryMonth(rest.Slice(4, 3), out var month) || rest[7] != '-' || !TryDigits(rest.Slice(8, 2), out var year)
            || rest[10] != ' ' || !TryTimeOfDay(rest.Slice(11, 8), out var seconds) || !rest[19..].SequenceEqual(" GMT"u8))
            return false;

        // "A timestamp that appears to be more than 50 years in the future" is of "the most recent year in the past that had the same last two digits".
        var horizon = DateTimeOffset.FromUnixTimeSeconds(now).AddYears(50);
        year = horizon.Year - ((horizon.Year - year) % 100);
        return TryCombine(year, month, day, seconds, out unixSeconds)
            && (unixSeconds <= horizon.ToUnixTimeSeconds() || TryCombine(year - 100, month, day, seconds, out unixSeconds));
    }

    // asctime-date = day-name SP month SP ( 2DIGIT / ( SP DIGIT ) ) SP time-of-day SP 4DIGIT
    //                Sun Nov  6 08:49:37 1994
    private static bool TryParseAsctime(ReadOnlySpan<byte> value, out long unixSeconds)
    {
        unixSeconds = 0;
        return value.Length == 24 && CalendarNames.IsDay(value[..3]) && value[3] == ' ' && CalendarNames.TryMonth(value.Slice(4, 3), out var month)
            && value[7] == ' ' && TryDigits(value[8] == ' ' ? value.Slice(9, 1) : value.Slice(8, 2), out var day)
            && value[10] == ' ' && TryTimeOfDay(value.Slice(11, 8), out var seconds)
            && value[19] == ' ' && TryDigits(value.Slice(20, 4), out var year) && TryCombine(year, month, day, seconds, out unixSeconds);
    }

    // time-of-day = hour ":" minute ":" second ; 00:00:00 - 23:59:60 (leap second)
    private static bool TryTimeOfDay(ReadOnlySpan<byte> value, out int seconds)
    {
        seconds = 0;
        if (value[2] != ':' || value[5] != ':' || !TryDigits(value[..2], out var hour) || !TryDigits(value.Slice(3, 2), out var minute)
            || !TryDigits(value[6..], out var second) || hour > 23 || minute > 59 || second > 60)
            return false;
        seconds = (((hour * 60) + minute) * 60) + second;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> value, out int number)
    {
        number = 0;
        foreach (var digit in value)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            number = (number * 10) + digit - '0';
        }
        return true;
    }

    private static bool TryCombine(int year, int month, int day, int seconds, out long unixSeconds)
    {
        unixSeconds = 0;
        if (year is < 1 or > 9999 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        unixSeconds = new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() + seconds;
        return unixSeconds <= LastSecond;
    }
}
