namespace Gatehouse.Http.Cookies;

/// <summary>What came of reading a cookie file.</summary>
/// <param name="Taken">Lines with a cookie that the jar took; one that has expired only removes what it replaces.</param>
/// <param name="Malformed">Lines that are no cookie, or one that the jar refuses.</param>
/// <param name="FirstMalformedLine">The first of these, counted from 1; 0 when there is none.</param>
public readonly record struct CookieFileResult(int Taken, int Malformed, int FirstMalformedLine)
{
    internal CookieFileResult With(bool? taken, int line) => taken switch
    {
        true => this with { Taken = Taken + 1 },
        false => this with { Malformed = Malformed + 1, FirstMalformedLine = FirstMalformedLine == 0 ? line : FirstMalformedLine },
        null => this,
    };
}
