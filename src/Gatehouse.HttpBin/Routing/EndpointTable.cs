using Gatehouse.HttpBin.Endpoints;

namespace Gatehouse.HttpBin.Routing;

/// <summary>All endpoints, in the order of the page.</summary>
internal static class EndpointTable
{
    private const string AnyMethod = "GET POST PUT DELETE PATCH TRACE";

    private const string Methods = "HTTP methods";
    private const string Auth = "Authentication";
    private const string Codes = "Status codes";
    private const string Requests = "What you sent";
    private const string Answers = "Answers of every kind";
    private const string Dynamic = "Made on demand";
    private const string Redirecting = "Redirects";
    private const string Caching = "Caching";
    private const string Cookie = "Cookies";
    private const string Pictures = "Images";

    public static IReadOnlyList<Endpoint> All { get; } =
    [
        new(Answers, "GET", "/", "This page", Documents.Index),
        new(Methods, "GET", "/get", "The request as JSON", Echoes.Get),
        new(Methods, "POST", "/post", "The request and its body as JSON", Echoes.WithBody),
        new(Methods, "PUT", "/put", "The request and its body as JSON", Echoes.WithBody),
        new(Methods, "PATCH", "/patch", "The request and its body as JSON", Echoes.WithBody),
        new(Methods, "DELETE", "/delete", "The request and its body as JSON", Echoes.WithBody),
        new(Methods, AnyMethod, "/anything", "Whatever was sent, by any method", Echoes.Anything),
        new(Methods, AnyMethod, "/anything/{rest*}", "Whatever was sent, at any path below", Echoes.Anything),
        new(Auth, "GET", "/basic-auth/{user}/{password}", "Asks for a name and a password (Basic)", Authentication.Basic),
        new(Auth, "GET", "/hidden-basic-auth/{user}/{password}", "The same, and 404 instead of 401", Authentication.HiddenBasic),
        new(Auth, "GET", "/bearer", "Asks for a bearer token", Authentication.Bearer),
        new(Auth, "GET", "/digest-auth/{qop}/{user}/{password}", "Asks for a name and a password (Digest)", Authentication.DigestChallenge),
        new(Auth, "GET", "/digest-auth/{qop}/{user}/{password}/{algorithm}", "Digest with MD5, SHA-256 or SHA-512", Authentication.DigestChallenge),
        new(Auth, "GET", "/digest-auth/{qop}/{user}/{password}/{algorithm}/{stale}", "Digest whose nonce goes stale after so many uses", Authentication.DigestChallenge),
        new(Codes, AnyMethod, "/status/{codes}", "That status, or one of a weighted list: 200:3,500:1", Statuses.Answer),
        new(Requests, "GET", "/headers", "The header fields of the request", Echoes.Headers),
        new(Requests, "GET", "/ip", "The client's address", Echoes.Ip),
        new(Requests, "GET", "/user-agent", "The User-Agent of the request", Echoes.UserAgent),
        new(Caching, "GET", "/cache", "304 when the request is conditional", Caches.Conditional),
        new(Caching, "GET", "/cache/{seconds:int}", "An answer that may be cached for so long", Caches.MaxAge),
        new(Caching, "GET", "/etag/{etag}", "A resource with that entity tag: If-Match and If-None-Match count", Caches.EntityTag),
        new(Answers, "GET POST", "/response-headers", "An answer with the fields that the query names", Statuses.ResponseHeaders),
        new(Answers, "GET", "/html", "A page of HTML", Documents.Html),
        new(Answers, "GET", "/json", "A document of JSON", Documents.Json),
        new(Answers, "GET", "/xml", "A document of XML", Documents.Xml),
        new(Answers, "GET", "/robots.txt", "Rules for robots", Documents.Robots),
        new(Answers, "GET", "/deny", "What those rules forbid", Documents.Deny),
        new(Answers, "GET", "/encoding/utf8", "A page of text in UTF-8", Documents.Utf8),
        new(Answers, "GET", "/gzip", "An answer in the coding gzip", Encodings.Gzip),
        new(Answers, "GET", "/deflate", "An answer in the coding deflate", Encodings.Deflate),
        new(Answers, "GET", "/brotli", "An answer in the coding br", Encodings.Brotli),
        new(Answers, "GET", "/forms/post", "A form that posts to /post", Documents.Form),
        new(Dynamic, "GET", "/uuid", "A random UUID", Streams.Uuid),
        new(Dynamic, "GET", "/base64/{value}", "The value decoded from base64url", Streams.Base64),
        new(Dynamic, "GET", "/bytes/{n:int}", "So many random bytes; ?seed=1 for the same each time", Streams.Bytes),
        new(Dynamic, "GET", "/stream-bytes/{n:int}", "The same in chunks of ?chunk_size=", Streams.StreamBytes),
        new(Dynamic, "GET", "/stream/{n:int}", "So many lines of JSON, up to 100", Streams.Lines),
        new(Dynamic, "GET", "/range/{n:int}", "Bytes that take Range; ?duration= and ?chunk_size= slow them down", Streams.Range),
        new(Dynamic, "GET", "/drip", "?numbytes= over ?duration= seconds, after ?delay=, with ?code=", Streams.Drip),
        new(Dynamic, AnyMethod, "/delay/{seconds}", "The request as JSON, after up to 10 seconds", Streams.Delay),
        new(Dynamic, "GET", "/links/{n:int}", "A page of so many links", Documents.Links),
        new(Dynamic, "GET", "/links/{n:int}/{offset:int}", "The same, at one of its links", Documents.LinkPage),
        new(Redirecting, "GET", "/redirect/{n:int}", "So many redirects; ?absolute=true for absolute ones", Redirects.Times),
        new(Redirecting, "GET", "/relative-redirect/{n:int}", "So many redirects, relative", Redirects.Relative),
        new(Redirecting, "GET", "/absolute-redirect/{n:int}", "So many redirects, absolute", Redirects.Absolute),
        new(Redirecting, AnyMethod, "/redirect-to", "A redirect to ?url=, with ?status_code=", Redirects.To),
        new(Cookie, "GET", "/cookies", "The cookies of the request", Cookies.Show),
        new(Cookie, "GET", "/cookies/set", "Sets the cookies that the query names", Cookies.Set),
        new(Cookie, "GET", "/cookies/set/{name}/{value}", "Sets one cookie", Cookies.SetOne),
        new(Cookie, "GET", "/cookies/delete", "Deletes the cookies that the query names", Cookies.Delete),
        new(Pictures, "GET", "/image", "An image of the type that Accept names", Images.Negotiated),
        new(Pictures, "GET", "/image/png", "A PNG", Images.Png),
        new(Pictures, "GET", "/image/jpeg", "A JPEG", Images.Jpeg),
        new(Pictures, "GET", "/image/webp", "A WebP", Images.WebP),
        new(Pictures, "GET", "/image/svg", "An SVG", Images.Svg),
    ];

    /// <summary>Finds the endpoint of a path, with its values; where several have the path, the one that takes <paramref name="method"/>.</summary>
    public static (Endpoint? Endpoint, Dictionary<string, string> Values) Find(string path, string method)
    {
        var segments = path.Split('/');
        Endpoint? found = null;
        Dictionary<string, string> values = [];
        foreach (var endpoint in All)
        {
            if (endpoint.Match(segments) is not { } match)
                continue;
            (found, values) = (endpoint, match);
            if (endpoint.Takes(method))
                break;
        }
        return (found, values);
    }
}
