namespace Gatehouse.Protocols.Headers;

/// <summary>
/// Which fields may stand behind a body. RFC 9110 section 6.5.1 bars those that are needed before the content is read: framing, routing, controls and
/// conditions of a request, authentication, control data of a response, and how the content is to be understood. Hop-by-hop fields and what a trusted proxy
/// says about the client are barred too: by the time they came it would be too late to check them.
/// </summary>
public static class TrailerFields
{
    /// <summary>True when a recipient may keep the field; any name that is not known may be kept.</summary>
    public static bool IsAllowed(KnownHeader field) => field switch
    {
        // framing and the connection
        KnownHeader.ContentLength or KnownHeader.TransferEncoding or KnownHeader.Trailer or KnownHeader.TE or KnownHeader.Connection
            or KnownHeader.KeepAlive or KnownHeader.ProxyConnection or KnownHeader.Upgrade => false,
        // routing
        KnownHeader.Host or KnownHeader.Forwarded or KnownHeader.Via or KnownHeader.CdnLoop or KnownHeader.XForwardedFor or KnownHeader.XForwardedHost
            or KnownHeader.XForwardedPort or KnownHeader.XForwardedPrefix or KnownHeader.XForwardedProto or KnownHeader.XRealIp or KnownHeader.XRequestId
            or KnownHeader.Traceparent or KnownHeader.Tracestate or KnownHeader.XAccelBuffering or KnownHeader.XAccelRedirect or KnownHeader.XSendfile => false,
        // controls and conditions of a request
        KnownHeader.CacheControl or KnownHeader.Expect or KnownHeader.Pragma or KnownHeader.Range or KnownHeader.IfMatch or KnownHeader.IfNoneMatch
            or KnownHeader.IfModifiedSince or KnownHeader.IfUnmodifiedSince or KnownHeader.IfRange or KnownHeader.Origin => false,
        // authentication
        KnownHeader.Authorization or KnownHeader.ProxyAuthorization or KnownHeader.WwwAuthenticate or KnownHeader.ProxyAuthenticate
            or KnownHeader.Cookie or KnownHeader.SetCookie => false,
        // control data of a response
        KnownHeader.Age or KnownHeader.Date or KnownHeader.Expires or KnownHeader.Location or KnownHeader.RetryAfter or KnownHeader.Vary
            or KnownHeader.Warning or KnownHeader.Status => false,
        // how the content is to be understood
        KnownHeader.ContentEncoding or KnownHeader.ContentType or KnownHeader.ContentRange => false,
        _ => true,
    };
}
