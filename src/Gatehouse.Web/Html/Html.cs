using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>
/// Markup that is safe to send: made of literals of the program and of values that were escaped for the place where they stand. <c>Html.Of($"&lt;a href=\"{url}\">{text}&lt;/a>")</c>
/// escapes text as text, attributes as attributes and URLs as URLs; a value where none can be safe (in a script, a style, a tag's name, an event handler or
/// without quotes) throws <see cref="HtmlException"/>. Handlers return it as a page.
/// </summary>
public readonly struct Html : IResult, IEquatable<Html>
{
    private readonly string? _markup;

    internal Html(string markup) => _markup = markup;

    /// <summary>No markup.</summary>
    public static Html Empty => default;

    /// <summary>A part of a page.</summary>
    /// <exception cref="HtmlException">A value stands where none can be made safe.</exception>
    public static Html Of(HtmlInterpolation markup) => markup.Finish();

    /// <summary>A whole page around a body.</summary>
    /// <exception cref="HtmlException">A value stands where none can be made safe.</exception>
    public static Html Page(HtmlInterpolation body, string title = "") => Page(body.Finish(), title);

    /// <summary>A whole page around a body.</summary>
    public static Html Page(Html body, string title = "") => Of(
        $"<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title></head>\n<body>\n{body}\n</body>\n</html>\n");

    /// <summary>Text as markup: escaped.</summary>
    public static Html Text(string? text) => new(HtmlEscaping.Text(text ?? ""));

    /// <summary>Markup as it is. Never for anything that came from outside; see <c>SafeHtml</c> for that.</summary>
    public static Html Raw(string markup) => new(markup);

    /// <summary>An attribute without a value, such as <c>checked</c>, that is there or not: for a value inside of a tag.</summary>
    /// <exception cref="ArgumentException">It is no plain name of an attribute.</exception>
    public static HtmlFlag Flag(string name, bool isOn) => new(name, isOn);

    /// <summary>Parts one after another.</summary>
    public static Html Join(IEnumerable<Html> parts)
    {
        var joined = new StringBuilder();
        foreach (var part in parts)
            joined.Append(part._markup);
        return new Html(joined.ToString());
    }

    /// <summary>The markup.</summary>
    public override string ToString() => _markup ?? "";

    /// <inheritdoc/>
    public ValueTask WriteAsync(Context context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Write(context.Call);
        return default;
    }

    /// <inheritdoc/>
    public bool Equals(Html other) => ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Html other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The same markup.</summary>
    public static bool operator ==(Html left, Html right) => left.Equals(right);

    /// <summary>Other markup.</summary>
    public static bool operator !=(Html left, Html right) => !left.Equals(right);

    internal void Write(Call call)
    {
        var response = call.Response;
        if (!response.Headers.Contains(KnownHeader.ContentType))
            response.Headers.Add(KnownHeader.ContentType, "text/html; charset=utf-8"u8);
        var markup = ToString();
        response.Body.Advance(Encoding.UTF8.GetBytes(markup, response.Body.GetSpan(Encoding.UTF8.GetMaxByteCount(markup.Length))));
    }
}
