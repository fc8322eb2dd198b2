namespace Gatehouse.Web;

/// <summary>What the parts of one page share while it is rendered.</summary>
internal sealed class TemplatePage(Context? context)
{
    /// <summary>Where it stands among the values of a template's context.</summary>
    public const string Key = "gatehouse.page";

    public Context? Context { get; } = context;

    /// <summary>The messages that this page shows: taken once, for the page and its layouts.</summary>
    public IReadOnlyList<Flash>? Flashes { get; set; }

    /// <summary>The file that the page is to be put into; null for none.</summary>
    public string? Layout { get; set; }

    /// <summary>The page, for its layout.</summary>
    public string? Body { get; set; }

    public Dictionary<string, string> Sections { get; } = [];
}
