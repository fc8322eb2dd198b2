using System.Text;
using Gatehouse.Http.Client.Exchanges;
using Gatehouse.Http.Urls;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Client.Redirects;

/// <summary>What a response that redirects (RFC 9110 section 15.4) makes of a request.</summary>
internal static class Redirect
{
    /// <summary>The request that follows, or null when the response does not redirect: 300, 304 and the rest of 3xx leave the choice to the caller.</summary>
    /// <param name="hop">The request that was answered.</param>
    /// <param name="status">The response's status.</param>
    /// <param name="headers">The response's fields.</param>
    /// <param name="allowsDowngrade">True when https may lead to http.</param>
    /// <exception cref="ClientException">The redirect must not or cannot be followed.</exception>
    public static Hop? Follow(Hop hop, int status, HeaderList headers, bool allowsDowngrade)
    {
        if (status is not (301 or 302 or 303 or 307 or 308) || !headers.TryGet(KnownHeader.Location, out var location))
            return null;
        var url = Resolve(hop.Url, location);
        if (url.Scheme is not ("http" or "https"))
            throw Fault($"the redirect leads to {url.Scheme}:, which is not HTTP");
        if (hop.Url.Scheme == "https" && url.Scheme == "http" && !allowsDowngrade)
            throw Fault($"the redirect leads from https to http ({url.Host}), which is not allowed");

        // RFC 9110 sections 15.4.2 to 15.4.4: 303 asks for a GET; after 301 and 302 a POST becomes one, as all user agents do. 307 and 308 change nothing.
        var isRewritten = status == 303 ? hop.Kind != Method.Head && hop.Kind != Method.Get : status is 301 or 302 && hop.Kind == Method.Post;
        if (!isRewritten && hop.Body is { IsReplayable: false })
            throw Fault($"the redirect ({status}) asks for the request's body once more, and it cannot be sent again");
        var isCrossOrigin = url.Origin != hop.Url.Origin;
        return new Hop(
            isRewritten ? "GET" : hop.Method,
            url,
            isRewritten ? null : hop.Body,
            Hop.Without(hop.Headers, name => (isCrossOrigin && IsForOrigin(name)) || (isRewritten && IsOfContent(name))),
            hop.ExpectsContinue && !isRewritten);
    }

    // RFC 9110 section 15.4: credentials and a Host of one's own are for the origin they were meant for.
    private static bool IsForOrigin(KnownHeader name) =>
        name is KnownHeader.Authorization or KnownHeader.Cookie or KnownHeader.ProxyAuthorization
            or KnownHeader.Host or KnownHeader.Origin or KnownHeader.Referer;

    // What describes a body that is no longer sent.
    private static bool IsOfContent(KnownHeader name) =>
        name is KnownHeader.ContentType or KnownHeader.ContentEncoding or KnownHeader.ContentLanguage or KnownHeader.ContentLocation
            or KnownHeader.ContentDisposition or KnownHeader.ContentRange or KnownHeader.Trailer;

    private static Url Resolve(Url from, ReadOnlySpan<byte> location)
    {
        // Location = URI-reference, which is ASCII; servers send UTF-8 as well, and some Latin-1.
        var text = System.Text.Unicode.Utf8.IsValid(location) ? Encoding.UTF8.GetString(location) : Encoding.Latin1.GetString(location);
        if (!Url.TryParse(text, from, out var url, out var error))
            throw Fault($"the Location of the redirect is not a URL: {error}");
        // RFC 9110 section 10.2.2: without a fragment of its own the new URL inherits that of the old one.
        return url.Fragment is null && from.Fragment is not null ? Url.Parse($"{url.Href}#{from.Fragment}") : url;
    }

    private static ClientException Fault(string message) => new(ClientFault.Redirect, message);
}
