namespace Gatehouse.Http.Cookies;

/// <summary>
/// Which domains belong to everybody, so that no cookie may be set for all that is below them (RFC 6265bis section 5.7 step 9). The project carries no public
/// suffix list: the rule here knows that "com" and "localhost" are such, and not that "co.uk" is. A jar for hosts that do not trust each other needs a list.
/// </summary>
public static class PublicSuffixes
{
    /// <summary>True for a name of one label, with or without a trailing dot: the least that can be said without a list.</summary>
    /// <param name="domain">A domain in lower case, without a leading dot.</param>
    public static bool IsSingleLabel(string domain) => !domain.AsSpan().TrimEnd('.').Contains('.');
}
