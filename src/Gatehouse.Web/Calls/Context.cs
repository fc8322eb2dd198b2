using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Conditional;
using Gatehouse.Http.Cookies;
using Gatehouse.Http.Urls;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>
/// One request and its answer, for application code. It ends with the request: whoever keeps it gets an <see cref="ObjectDisposedException"/> from then on, and
/// never another request's answer.
/// </summary>
public sealed class Context
{
    private Call? _call;

    internal Context(Call call) => _call = call;

    /// <summary>The exchange beneath.</summary>
    public Exchange Exchange => Call.Exchange;

    /// <summary>The request's head.</summary>
    public Request Request => Call.Request;

    /// <summary>The answer's head, and its body when it is not sent piece by piece.</summary>
    public Response Response => Call.Response;

    /// <summary>The application.</summary>
    public App App => Call.App;

    /// <summary>The route that answers.</summary>
    public Route Route => Call.Endpoint.Route;

    /// <summary>The services of this request.</summary>
    public IServiceProvider Services => Call.Services;

    /// <summary>Cancelled when the client goes away or the request's time is up.</summary>
    public CancellationToken Aborted => Call.Exchange.Aborted;

    /// <summary>By what the request is found in logs: what a trusted proxy sent in X-Request-ID, or 32 random hexadecimal digits.</summary>
    public string RequestId => Failures.RequestId(Call.Exchange);

    /// <summary>What the <c>nonce</c> attribute of this page's own scripts and styles must be; it goes into the answer's Content-Security-Policy.</summary>
    public string Nonce => Call.Nonce;

    /// <summary>True over TLS, here or at a trusted proxy.</summary>
    public bool IsSecure => Call.Request.IsSecure;

    /// <summary>The path, decoded.</summary>
    public string Path => Encoding.UTF8.GetString(Call.Request.Path);

    internal Call Call => _call ?? throw new ObjectDisposedException(nameof(Context), "The request has ended: its context is no more.");

    /// <summary>The value of a parameter of the route; null when it has none.</summary>
    public string? Value(string parameter)
    {
        var call = Call;
        var parameters = call.Endpoint.Pattern.Parameters;
        for (var i = 0; i < parameters.Count; i++)
        {
            if (parameters[i] == parameter)
                return call.TryGetValue(i, out var value) ? Encoding.UTF8.GetString(value) : null;
        }
        return null;
    }

    /// <summary>The first value of that name in the query; null when there is none.</summary>
    public string? Query(string name)
    {
        var reader = new FormUrlEncodedReader(Call.Request.Query);
        while (reader.TryRead(out var pair))
        {
            if (pair.GetName() == name)
                return pair.GetValue();
        }
        return null;
    }

    /// <summary>The first field of that name in the request's head; null when there is none.</summary>
    public string? Header(string name) =>
        Call.Request.Headers.TryGet(Encoding.Latin1.GetBytes(name), out var value) ? Encoding.Latin1.GetString(value) : null;

    /// <summary>The value of a cookie of the request; null when there is none.</summary>
    public string? Cookie(string name) =>
        new RequestCookies(Call.Request.Headers).TryGet(Encoding.Latin1.GetBytes(name), out var value) ? Encoding.Latin1.GetString(value) : null;

    /// <summary>Sets a cookie with the answer.</summary>
    /// <exception cref="ArgumentException">The cookie breaks a rule; the message says which.</exception>
    public void SetCookie(SetCookie cookie) => cookie.AddTo(Call.Response.Headers);

    /// <summary>Sets a field of the answer's head.</summary>
    /// <exception cref="ArgumentException">The name is not a token, or the value holds CR, LF or NUL.</exception>
    public void SetHeader(string name, string value) => Call.Response.Headers.Set(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value));

    /// <summary>The path of a named route: <c>context.Url("book", new { id = 5 })</c>. Values that the route has no parameter for go into the query.</summary>
    /// <exception cref="ArgumentException">There is no such route, or it lacks a value.</exception>
    public string Url(string route, object? values = null) => App.Url(route, values);

    /// <summary>Switches the request to WebSocket; the handler returns when the conversation is over. Pages of other sites are refused unless they are trusted.</summary>
    /// <param name="protocol">The subprotocol, one of those that the client offers; null for none.</param>
    /// <exception cref="BadRequestException">The request is no handshake (426, 400), or comes from a page of another site (403).</exception>
    public ValueTask<System.Net.WebSockets.WebSocket> AcceptWebSocketAsync(string? protocol = null) => WebSocketUpgrade.AcceptAsync(Call, protocol);

    /// <summary>
    /// True when the client has what this entity tag stands for, and 304 (or 412 for a request that would change it) has been set as the answer: the handler then
    /// returns <see cref="Results.Status"/> of <see cref="Response.Status"/>. Otherwise the tag goes with the answer.
    /// </summary>
    /// <param name="entityTag">The tag, with its quotes: <c>"v7"</c>, or <c>W/"v7"</c>.</param>
    /// <exception cref="ArgumentException">It is no entity tag (RFC 9110 section 8.8.3).</exception>
    public bool IsFresh(string entityTag)
    {
        var tag = Encoding.ASCII.GetBytes(entityTag);
        if (!EntityTag.IsValid(tag))
            throw new ArgumentException($"Expected an entity tag like \"v7\", with its quotes; found {entityTag}.", nameof(entityTag));
        Response.Headers.Set(KnownHeader.ETag, tag);
        var outcome = Preconditions.Evaluate(Request, tag, -1, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        if (outcome is not (ConditionalOutcome.NotModified or ConditionalOutcome.PreconditionFailed))
            return false;
        Response.Status = outcome == ConditionalOutcome.NotModified ? 304 : 412;
        return true;
    }

    /// <summary>True when the request brings a session, or this handler has begun one.</summary>
    public bool HasSession => Call.Session is not null || App.Keeper.IsBrought(Call);

    /// <summary>The session, loaded when first asked for; a new one, which is kept when something is put into it.</summary>
    public ValueTask<Session> GetSessionAsync() => Call.SessionAsync();

    /// <summary>The token that unsafe requests of this session send back in X-CSRF-Token, or in the field <c>_csrf</c> of a form.</summary>
    public async ValueTask<string> CsrfTokenAsync() => Csrf.Token(await GetSessionAsync());

    /// <summary>The hidden field with the token, for a form.</summary>
    public async ValueTask<Html> CsrfFieldAsync()
    {
        var token = await CsrfTokenAsync();
        return Html.Of($"<input type=\"hidden\" name=\"{Csrf.Field}\" value=\"{token}\">");
    }

    /// <summary>Reads the whole body, up to the request's limit.</summary>
    public ValueTask<byte[]> ReadBodyAsync() => Bodies.ReadAsync(Call.Exchange, App.Limits.JsonBytes);

    internal void End() => _call = null;
}
