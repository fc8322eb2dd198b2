using System.Buffers;
using System.Text;

namespace Gatehouse.Http.Dates;

/// <summary>
/// The date in the Expires attribute of a cookie, by the algorithm of RFC 6265bis section 5.1.1: every date that servers have ever sent, in any order of
/// its parts and with anything between them. More lenient than <see cref="HttpDate"/> on purpose, and only right for cookies.
/// </summary>
public static class CookieDate
{
    // delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E
    private static readonly SearchValues<byte> Delimiters = SearchValues.Create("\t !\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~"u8);

    /// <summary>Finds a time, a day, a month and a year in <paramref name="value"/>; false when one is missing or out of range.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out DateTimeOffset date)
    {
        date = default;
        int hour = -1, minute = -1, second = -1, day = -1, month = -1, year = -1;
        while (!value.IsEmpty)
        {
            var end = value.IndexOfAny(Delimiters);
            var token = end < 0 ? value : value[..end];
            value = end < 0 ? default : value[(end + 1)..];

            // The first token of each kind counts; a token is tried as time, day, month and year in this order.
            if (hour < 0 && TryTime(token, out hour, out minute, out second))
                continue;
            if (day < 0 && TryNumber(token, 1, 2, out day))
                continue;
            if (month < 0 && TryMonth(token, out month))
                continue;
            if (year < 0)
                TryNumber(token, 2, 4, out year);
        }

        year += year switch { >= 70 and <= 99 => 1900, >= 0 and <= 69 => 2000, _ => 0 };
        if (year is < 1601 or > 9999 || month < 1 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour is < 0 or > 23 || minute > 59 || second > 59)
            return false;
        date = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero);
        return true;
    }

    // time = hms-time [ non-digit *OCTET ], hms-time = time-field ":" time-field ":" time-field, time-field = 1*2DIGIT
    private static bool TryTime(ReadOnlySpan<byte> token, out int hour, out int minute, out int second)
    {
        minute = second = -1;
        if (TryField(ref token, out hour) && TryColon(ref token) && TryField(ref token, out minute) && TryColon(ref token) && TryField(ref token, out second)
            && !StartsWithDigit(token))
            return true;
        hour = -1;
        return false;
    }

    private static bool TryField(ref ReadOnlySpan<byte> token, out int field)
    {
        var length = CountDigits(token);
        field = -1;
        if (length is 0 or > 2)
            return false;
        field = ToNumber(token[..length]);
        token = token[length..];
        return true;
    }

    private static bool TryColon(ref ReadOnlySpan<byte> token)
    {
        if (token is not [(byte)':', ..])
            return false;
        token = token[1..];
        return true;
    }

    // day-of-month = 1*2DIGIT [ non-digit *OCTET ], year = 2*4DIGIT [ non-digit *OCTET ]
    private static bool TryNumber(ReadOnlySpan<byte> token, int minimum, int maximum, out int number)
    {
        var length = CountDigits(token);
        var isNumber = length >= minimum && length <= maximum;
        number = isNumber ? ToNumber(token[..length]) : -1;
        return isNumber;
    }

    // month = ( "jan" / "feb" / ... / "dec" ) *OCTET, in any case
    private static bool TryMonth(ReadOnlySpan<byte> token, out int month)
    {
        month = -1;
        if (token.Length < 3)
            return false;
        Span<byte> name = stackalloc byte[3];
        Ascii.ToLower(token[..3], name, out _);
        name[0] = (byte)(name[0] & ~0x20);
        if (CalendarNames.TryMonth(name, out month))
            return true;
        month = -1;
        return false;
    }

    private static bool StartsWithDigit(ReadOnlySpan<byte> token) => !token.IsEmpty && char.IsAsciiDigit((char)token[0]);

    private static int CountDigits(ReadOnlySpan<byte> token)
    {
        var length = token.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length < 0 ? token.Length : length;
    }

    private static int ToNumber(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
            number = (number * 10) + digit - '0';
        return number;
    }
}
