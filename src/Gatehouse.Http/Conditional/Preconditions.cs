using Gatehouse.Http.Dates;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Conditional;

/// <summary>
/// Evaluates If-Match, If-Unmodified-Since, If-None-Match, If-Modified-Since and If-Range in the order of RFC 9110 section 13.2.2. To be asked only where the
/// answer without conditions would be 2xx (section 13.2.1).
/// </summary>
public static class Preconditions
{
    /// <summary>Evaluates the conditions of a request against the representation that it selects.</summary>
    /// <param name="request">The request.</param>
    /// <param name="entityTag">The representation's entity tag; empty when it has none.</param>
    /// <param name="lastModified">Its Last-Modified in seconds since 1970; -1 when it has none.</param>
    /// <param name="now">The time in seconds since 1970: a Last-Modified of this very second is no strong validator (section 8.8.2.2).</param>
    public static ConditionalOutcome Evaluate(Request request, ReadOnlySpan<byte> entityTag, long lastModified, long now)
    {
        var headers = request.Headers;
        if (!IsConditional(request))
            return ConditionalOutcome.Proceed;

        // 1 and 2.
        if (headers.Contains(KnownHeader.IfMatch))
        {
            if (!EntityTag.IsListed(headers, KnownHeader.IfMatch, entityTag, strong: true))
                return ConditionalOutcome.PreconditionFailed;
        }
        else if (TryGetDate(headers, KnownHeader.IfUnmodifiedSince, lastModified, now, out var unmodifiedSince) && lastModified > unmodifiedSince)
        {
            return ConditionalOutcome.PreconditionFailed;
        }

        // 3 and 4.
        var isRead = request.Method is Method.Get or Method.Head;
        if (headers.Contains(KnownHeader.IfNoneMatch))
        {
            if (EntityTag.IsListed(headers, KnownHeader.IfNoneMatch, entityTag, strong: false))
                return isRead ? ConditionalOutcome.NotModified : ConditionalOutcome.PreconditionFailed;
        }
        else if (isRead && TryGetDate(headers, KnownHeader.IfModifiedSince, lastModified, now, out var modifiedSince) && lastModified <= modifiedSince)
        {
            return ConditionalOutcome.NotModified;
        }

        // 5.
        if (request.Method == Method.Get && headers.Contains(KnownHeader.Range) && headers.TryGet(KnownHeader.IfRange, out var ifRange)
            && !IsCurrent(ifRange, entityTag, lastModified, now))
        {
            return ConditionalOutcome.IgnoreRange;
        }
        return ConditionalOutcome.Proceed;
    }

    /// <summary>Evaluates the conditions of a request whose target has no representation yet, such as a PUT that would create it.</summary>
    public static ConditionalOutcome EvaluateAbsent(Request request) =>
        IsConditional(request) && request.Headers.Contains(KnownHeader.IfMatch) ? ConditionalOutcome.PreconditionFailed : ConditionalOutcome.Proceed;

    // "A server MUST ignore the conditional request header fields ... when received with a request method that does not involve the selection or
    // modification of a selected representation, such as CONNECT, OPTIONS, or TRACE." (section 13.2.1)
    private static bool IsConditional(Request request) => request.Method is not (Method.Connect or Method.Options or Method.Trace);

    // A date that is malformed, or that there is no modification date to compare with, is as if it had not been sent (sections 13.1.3 and 13.1.4).
    private static bool TryGetDate(HeaderTable headers, KnownHeader name, long lastModified, long now, out long date)
    {
        date = 0;
        return lastModified >= 0 && headers.TryGet(name, out var value) && headers.CountOf(name) == 1 && HttpDate.TryParse(value, now, out date);
    }

    // If-Range = entity-tag / HTTP-date, compared strongly (section 13.1.5).
    private static bool IsCurrent(ReadOnlySpan<byte> ifRange, ReadOnlySpan<byte> entityTag, long lastModified, long now)
    {
        if (EntityTag.IsValid(ifRange))
            return EntityTag.StrongEquals(ifRange, entityTag);
        return HttpDate.TryParse(ifRange, now, out var date) && date == lastModified && lastModified < now;
    }
}
