using System.Buffers.Text;

namespace Gatehouse.Http.Conditional;

/// <summary><c>HTTP-date</c> (RFC 9110 section 5.6.7) in its preferred form, IMF-fixdate, as seconds since 1970.</summary>
internal static class DateFields
{
    public static bool TryParse(ReadOnlySpan<byte> text, out long unixSeconds)
    {
        var valid = Utf8Parser.TryParse(text, out DateTimeOffset date, out var consumed, 'R') && consumed == text.Length;
        unixSeconds = date.ToUnixTimeSeconds();
        return valid;
    }
}
