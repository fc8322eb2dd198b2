namespace Gatehouse.Http.Dates;

/// <summary>The English names of days and months in dates of RFC 9110 section 5.6.7; case matters there.</summary>
internal static class CalendarNames
{
    /// <summary>day-name = %s"Mon" / %s"Tue" / %s"Wed" / %s"Thu" / %s"Fri" / %s"Sat" / %s"Sun"</summary>
    public static bool IsDay(ReadOnlySpan<byte> name) => name.Length == 3 && IndexOf("MonTueWedThuFriSatSun"u8, name) >= 0;

    /// <summary>day-name-l = %s"Monday" / %s"Tuesday" / %s"Wednesday" / %s"Thursday" / %s"Friday" / %s"Saturday" / %s"Sunday"</summary>
    public static bool IsLongDay(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("Monday"u8) || name.SequenceEqual("Tuesday"u8) || name.SequenceEqual("Wednesday"u8) || name.SequenceEqual("Thursday"u8)
        || name.SequenceEqual("Friday"u8) || name.SequenceEqual("Saturday"u8) || name.SequenceEqual("Sunday"u8);

    /// <summary>month = %s"Jan" / %s"Feb" / ... / %s"Dec", to 1 to 12.</summary>
    public static bool TryMonth(ReadOnlySpan<byte> name, out int month)
    {
        month = name.Length == 3 ? IndexOf("JanFebMarAprMayJunJulAugSepOctNovDec"u8, name) + 1 : 0;
        return month > 0;
    }

    private static int IndexOf(ReadOnlySpan<byte> names, ReadOnlySpan<byte> name)
    {
        for (var at = 0; at < names.Length; at += 3)
        {
            if (names.Slice(at, 3).SequenceEqual(name))
                return at / 3;
        }
        return -1;
    }
}
