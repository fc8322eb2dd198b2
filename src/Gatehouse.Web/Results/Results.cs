using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>Answers for handlers to return. A string is plain text, <see cref="Html"/> a page, any other object JSON; these are for the rest.</summary>
public static class Results
{
    /// <summary>An empty answer of that status.</summary>
    public static IResult Status(int status) => new StatusResult(status, null);

    /// <summary>404.</summary>
    public static IResult NotFound(string? detail = null) => new Problem(404, detail);

    /// <summary>403.</summary>
    public static IResult Forbidden(string? detail = null) => new Problem(403, detail);

    /// <summary>204.</summary>
    public static IResult NoContent() => new StatusResult(204, null);

    /// <summary>201 with the place of what was made, and the thing itself as JSON.</summary>
    public static IResult Created<T>(string location, T value) => new CreatedResult<T>(location, value);

    /// <summary>An object as JSON, with a status of its own.</summary>
    public static IResult Json<T>(T value, int status = 200) => new CreatedResult<T>(null, value, status);

    /// <summary>Text of any media type.</summary>
    public static IResult Text(string text, string contentType = "text/plain; charset=utf-8", int status = 200) => new TextResult(text, contentType, status);

    /// <summary>A page made of a template of the application.</summary>
    /// <param name="name">Its path below the folder of templates, with or without <c>.html</c>.</param>
    /// <param name="model">An object whose members the template shows.</param>
    /// <param name="status">The status code.</param>
    public static IResult Template(string name, object? model = null, int status = 200) => new TemplateResult(name, model, status);

    /// <summary>
    /// Server-sent events: each is sent as it comes, a sign of life after 15 seconds without, and the stream ends with the client, with <paramref name="events"/>, or when the
    /// application stops.
    /// </summary>
    public static IResult Events(IAsyncEnumerable<ServerEvent> events) => new EventsResult(events, TimeSpan.FromSeconds(15));

    /// <summary>
    /// Sends the client to a path of this application by 303 (See Other), so that it asks with GET: the right end of a form. What a client sent may be given here:
    /// anything but a path of this site is refused, and <paramref name="otherwise"/> taken in its place.
    /// </summary>
    public static IResult Redirect(string path, string otherwise = "/") => new StatusResult(303, LocalPath.IsLocal(path) ? path : otherwise);

    /// <summary>Sends the client to another site; only for a URL that the application itself knows, never for one that a client sent.</summary>
    public static IResult RedirectElsewhere(Uri url, int status = 302) => new StatusResult(status, url.AbsoluteUri);

    private sealed class StatusResult(int status, string? location) : IResult
    {
        public ValueTask WriteAsync(Context context)
        {
            context.Response.Status = status;
            if (location is not null)
                context.Response.Headers.Set(KnownHeader.Location, Encoding.ASCII.GetBytes(LocalPath.Ascii(location)));
            return default;
        }
    }

    private sealed class TextResult(string text, string contentType, int status) : IResult
    {
        public ValueTask WriteAsync(Context context)
        {
            context.Response.Status = status;
            context.Response.Headers.Set(KnownHeader.ContentType, Encoding.Latin1.GetBytes(contentType));
            Encoding.UTF8.GetBytes(text, context.Response.Body);
            return default;
        }
    }

    private sealed class CreatedResult<T>(string? location, T value, int status = 201) : IResult
    {
        public ValueTask WriteAsync(Context context)
        {
            context.Response.Status = status;
            if (location is not null)
                context.Response.Headers.Set(KnownHeader.Location, Encoding.ASCII.GetBytes(LocalPath.Ascii(location)));
            JsonWriting.Write(context.Call, value);
            return default;
        }
    }
}
