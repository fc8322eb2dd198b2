using System.Buffers;

namespace Gatehouse.Http.Cookies;

/// <summary>The dates of the Expires attribute as user agents read them (RFC 6265bis section 5.1.1): day, month, year and time in any order, among anything else.</summary>
public static class CookieDate
{
    // delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E
    private static readonly SearchValues<byte> Delimiters = SearchValues.Create("\t !\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~"u8);

    /// <summary>Reads a cookie date, always as UTC whatever zone it names; false when it has not all four parts or they are no date from 1601 on.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset date)
    {
        var (hour, minute, second) = (-1, 0, 0);
        var (day, month, year) = (-1, -1, -1);
        while (NextToken(ref text) is { Length: > 0 } token)
        {
            // Each token is the first of these that has not been found yet and that it matches; other tokens are ignored.
            if (hour < 0 && TryTime(token, out var time))
                (hour, minute, second) = time;
            else if (day < 0 && TryDigits(token, 1, 2, out var number, out _))
                day = number;
            else if (month < 0 && TryMonth(token, out number))
                month = number;
            else if (year < 0 && TryDigits(token, 2, 4, out number, out _))
                year = number;
        }
        if (year is >= 0 and <= 69)
            year += 2000;
        else if (year is >= 70 and <= 99)
            year += 1900;
        date = default;
        if (hour is < 0 or > 23 || minute > 59 || second > 59 || month < 0 || year < 1601 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero);
        return true;
    }

    private static ReadOnlySpan<byte> NextToken(scoped ref ReadOnlySpan<byte> text)
    {
        var start = text.IndexOfAnyExcept(Delimiters);
        if (start < 0)
            return [];
        text = text[start..];
        var end = text.IndexOfAny(Delimiters);
        var token = end < 0 ? text : text[..end];
        text = text[token.Length..];
        return token;
    }

    // time = hms-time [ non-digit *OCTET ] ; hms-time = time-field ":" time-field ":" time-field ; time-field = 1*2DIGIT
    private static bool TryTime(ReadOnlySpan<byte> token, out (int Hour, int Minute, int Second) time)
    {
        time = default;
        if (!TryDigits(token, 1, 2, out time.Hour, out var length) || length == token.Length || token[length] != ':')
            return false;
        token = token[(length + 1)..];
        if (!TryDigits(token, 1, 2, out time.Minute, out length) || length == token.Length || token[length] != ':')
            return false;
        return TryDigits(token[(length + 1)..], 1, 2, out time.Second, out _);
    }

    // day-of-month = 1*2DIGIT [ non-digit *OCTET ] ; year = 2*4DIGIT [ non-digit *OCTET ]
    private static bool TryDigits(ReadOnlySpan<byte> token, int least, int most, out int number, out int length)
    {
        number = length = 0;
        while (length < token.Length && length <= most && char.IsAsciiDigit((char)token[length]))
            number = (number * 10) + token[length++] - '0';
        return length >= least && length <= most;
    }

    // month = ( "jan" / "feb" / ... / "dec" ) *OCTET
    private static bool TryMonth(ReadOnlySpan<byte> token, out int month)
    {
        month = -1;
        if (token.Length < 3)
            return false;
        month = ((token[0] | 0x20) << 16 | (token[1] | 0x20) << 8 | (token[2] | 0x20)) switch
        {
            0x6A616E => 1,
            0x666562 => 2,
            0x6D6172 => 3,
            0x617072 => 4,
            0x6D6179 => 5,
            0x6A756E => 6,
            0x6A756C => 7,
            0x617567 => 8,
            0x736570 => 9,
            0x6F6374 => 10,
            0x6E6F76 => 11,
            0x646563 => 12,
            _ => -1,
        };
        return month > 0;
    }
}
