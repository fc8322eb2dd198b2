using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Errors;

/// <summary>The page for some errors: a file, or its text.</summary>
public sealed record ErrorPageConfig : ICheckedSettings
{
    /// <summary>The file of the page.</summary>
    [Setting("File with the page; its name's ending says its Content-Type")]
    [Shorthand]
    public FilePath? File { get; init; }

    /// <summary>The page itself.</summary>
    [Setting("The page itself")]
    public string? Body { get; init; }

    /// <summary>Content-Type of the page.</summary>
    [Setting("Content-Type of the page; without it that of the file's ending, and for a body text/html")]
    public string? Type { get; init; }

    /// <summary>The status code that is sent in the place of the error's own; null to keep it.</summary>
    [Setting("Status code to send in the place of the error's own")]
    [Bounds(200, 599)]
    public int? Status { get; init; }

    /// <summary>Whether it also takes the place of bodies that upstreams and handlers give to such errors.</summary>
    [Setting("Also replace the bodies that upstreams and handlers give to such errors")]
    public bool Intercept { get; init; }

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if ((File is null) == (Body is null))
            faults.Report("", File is null ? "found neither 'file' nor 'body', expected one of them" : "found both 'file' and 'body', expected one of them");
        if (Type is not null && (Type.Length == 0 || Type.AsSpan().ContainsAnyExceptInRange(' ', '~')))
            faults.Report("type", $"found '{Type}', expected a media type like text/html; charset=utf-8");
        if (Status is 204 or 205 or 304)
            faults.Report("status", $"found {Status}, which has no body, expected a status with one");
    }
}
