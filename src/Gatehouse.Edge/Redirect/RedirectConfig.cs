using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Redirect;

/// <summary>Where a redirect leads.</summary>
public sealed record RedirectConfig : ICheckedSettings
{
    /// <summary>A path or a URL.</summary>
    [Setting("Path or URL to go to; one that ends in / gets what * matched, and the query")]
    [Shorthand]
    public required string To { get; init; }

    /// <summary>The status code.</summary>
    [Setting("Status code: 301 or 308 for good, 302 or 307 for now, 303 to another page after a POST")]
    [Bounds(301, 308)]
    public int Status { get; init; } = 308;

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (Status is not (301 or 302 or 303 or 307 or 308))
            faults.Report("status", $"found {Status}, expected 301, 302, 303, 307 or 308");
        if (!To.StartsWith('/') && !To.StartsWith("http://", StringComparison.Ordinal) && !To.StartsWith("https://", StringComparison.Ordinal))
            faults.Report("to", $"found '{To}', expected a path that starts with / or a URL that starts with http:// or https://");
        else if (To.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
            faults.Report("to", $"found '{To}', expected it in ASCII without spaces; write other characters as %HH");
    }
}
