using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Files;

/// <summary>Which files are served, and how.</summary>
public sealed record FilesConfig : ICheckedSettings
{
    /// <summary>The folder.</summary>
    [Setting("The folder; nothing outside of it is ever served, whatever paths and links say")]
    [Shorthand]
    public required FilePath Root { get; init; }

    /// <summary>A prefix of the path that is not part of the file's name.</summary>
    [Setting("Prefix to take from the path before the file is looked for; without it the whole path is looked for below root")]
    public string? Strip { get; init; }

    /// <summary>Files that stand for their folder.</summary>
    [Setting("Files that stand for their folder; the first that exists is sent")]
    public IReadOnlyList<string> Index { get; init; } = ["index.html"];

    /// <summary>Whether folders without an index are listed.</summary>
    [Setting("List folders that have no index file")]
    public bool Browse { get; init; }

    /// <summary>What is sent in place of a file that does not exist.</summary>
    [Setting("File below root to send, with 200, for paths that do not exist: what a single-page application needs")]
    public string? Fallback { get; init; }

    /// <summary>Whether names that begin with a dot are served.</summary>
    [Setting("Serve files and folders whose name begins with a dot (/.well-known is always served)")]
    public bool Hidden { get; init; }

    /// <summary>Whether compressed siblings are sent.</summary>
    [Setting("Send NAME.br, NAME.zst or NAME.gz in place of NAME to clients that accept it, where such a file exists and is not older")]
    public bool Precompressed { get; init; } = true;

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (Strip is not null && (!Strip.StartsWith('/') || Strip.EndsWith('/')))
            faults.Report("strip", $"found '{Strip}', expected a path like /static, with a slash in front and none behind");
        for (var i = 0; i < Index.Count; i++)
        {
            if (Index[i].Length == 0 || Index[i].Contains('/'))
                faults.Report($"index.{i}", $"found '{Index[i]}', expected the name of a file without a slash");
        }
        if (Fallback is not null && (Fallback.Length == 0 || Fallback.Split('/').Contains("..")))
            faults.Report("fallback", $"found '{Fallback}', expected a path below root like index.html");
    }
}
