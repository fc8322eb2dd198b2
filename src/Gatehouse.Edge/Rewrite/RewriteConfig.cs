using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Rewrite;

/// <summary>Another path and query for the handler to see.</summary>
public sealed record RewriteConfig : ICheckedSettings
{
    /// <summary>The new path.</summary>
    [Setting("The new path, decoded; ?QUERY behind it goes before the request's own; with regex, $1 to $99 are its groups and $$ is a dollar sign")]
    [Shorthand]
    public string? To { get; init; }

    /// <summary>The folder whose place the new path takes.</summary>
    [Setting("Folder at the start of the path that 'to' takes the place of; other paths stay")]
    public string? From { get; init; }

    /// <summary>A regular expression on the path.</summary>
    [Setting("Regular expression (.NET, without backtracking: no look-around, no back-references) on the decoded path; paths that it does not match stay")]
    public string? Regex { get; init; }

    /// <summary>Rules for the query.</summary>
    [Setting("Rules for the query's parameters")]
    public QueryRulesConfig Query { get; init; } = new();

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (From is not null && Regex is not null)
            faults.Report("regex", "found both 'from' and 'regex', expected one of them");
        if (To is null && (From is not null || Regex is not null))
            faults.Report(From is not null ? "from" : "regex", "found no 'to', expected the path that takes the place of what was matched");
        if (To is null && From is null && Regex is null && Query.IsEmpty)
            faults.Report("", "found nothing to rewrite, expected 'to' or 'query'");
        if (From is not null && (From is not ['/', .., not '/'] || RewriteTemplate.FaultOfPath(From) is not null))
            faults.Report("from", $"found '{From}', expected a folder like /a, decoded, with a slash in front and none behind");
        var groups = 0;
        if (Regex is not null)
        {
            try
            {
                groups = PathRegex.Compile(Regex).GetGroupNumbers().Max();
            }
            catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
            {
                faults.Report("regex", $"found '{Regex}', expected a regular expression without look-around and back-references: {exception.Message}");
                return;
            }
        }
        if (To is not null && !RewriteTemplate.TryParse(To, Regex is null ? -1 : groups, out _, out var fault))
            faults.Report("to", fault);
    }
}
