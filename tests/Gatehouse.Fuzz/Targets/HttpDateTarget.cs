using Gatehouse.Http.Dates;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Dates: an accepted HTTP-date, formatted, is the same moment; a cookie's date is within what a date can be.</summary>
internal sealed class HttpDateTarget : IFuzzTarget
{
    private const long Now = 1_750_000_000;

    public string Name => "http-date";

    public IEnumerable<byte[]> Seeds => Targets.Seeds.Of(
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Thu, 29 Feb 2024 23:59:60 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
        "Wed, 09-Jun-2021 10:18:14 GMT", "Thu Apr 18 22:50:12 2007 GMT", "11 Feb 2010 12:00:00");

    public void Run(ReadOnlySpan<byte> input)
    {
        if (HttpDate.TryParse(input, Now, out var seconds))
        {
            Span<byte> text = stackalloc byte[HttpDate.Length];
            HttpDate.Format(seconds, text);
            Claim.That(HttpDate.TryParse(text, Now, out var again) && again == seconds, $"{seconds} comes back");
        }
        if (CookieDate.TryParse(input, out var date))
            Claim.That(date.Year >= 1601, $"RFC 6265bis refuses years before 1601; found {date:O}");
    }
}
