using Ganss.Xss;

namespace Gatehouse.Web;

/// <summary>Markup of others made harmless: what a reader may write with an editor, a feed, a mail. Everything but known-good elements, attributes and URLs is dropped.</summary>
public static class SafeHtml
{
    private static readonly HtmlSanitizer Sanitizer = Make();

    /// <summary>The markup without what could run or lead astray.</summary>
    public static Html Clean(string markup)
    {
        ArgumentNullException.ThrowIfNull(markup);
        return Html.Raw(Sanitizer.Sanitize(markup));
    }

    // Styles can cover a page; forms and their controls can be made to look like the site's own.
    private static HtmlSanitizer Make()
    {
        var sanitizer = new HtmlSanitizer();
        sanitizer.AllowedAttributes.Remove("style");
        sanitizer.AllowedAttributes.Remove("class");
        sanitizer.AllowedAttributes.Remove("id");
        sanitizer.AllowedAttributes.Remove("name");
        foreach (var tag in new[] { "form", "input", "button", "select", "option", "optgroup", "textarea", "keygen", "style", "base", "meta", "link" })
            sanitizer.AllowedTags.Remove(tag);
        sanitizer.AllowedSchemes.Add("mailto");
        return sanitizer;
    }
}
