using Gatehouse.Edge.Relay;
using Gatehouse.Http.Settings;
using Gatehouse.Upstreams;

namespace Gatehouse.Gateways.Peers;

/// <summary>What the settings of FastCGI, SCGI and uwsgi have in common.</summary>
public abstract record PeerConfig : ICheckedSettings
{
    /// <summary>The targets.</summary>
    [Setting("The targets")]
    [Shorthand]
    public IReadOnlyList<TargetConfig> To { get; init; } = [];

    /// <summary>How a target is chosen.</summary>
    [Setting("How a target is chosen")]
    [Words("round-robin", "least-requests", "random", "two-choices", "first")]
    public string Balance { get; init; } = "round-robin";

    /// <summary>The folder of scripts.</summary>
    [Setting("The folder of scripts, from which DOCUMENT_ROOT and SCRIPT_FILENAME follow; without it the target is one application, which sees SCRIPT_NAME and PATH_INFO alone")]
    public FilePath? Root { get; init; }

    /// <summary>Endings of script names.</summary>
    [Setting("Endings of script names: the first segment of the path that ends so is the script, and the rest is PATH_INFO")]
    public IReadOnlyList<string> Split { get; init; } = [".php"];

    /// <summary>The script for paths that name none.</summary>
    [Setting("Script for a path that names none: the one of this name in the folder that the path names, else the one at the root")]
    public string? Index { get; init; }

    /// <summary>Whether scripts must exist here.</summary>
    [Setting("Answer 404 when the script is not a file inside root; off for targets on other machines, which have their own files")]
    public bool Exists { get; init; } = true;

    /// <summary>A prefix of the path that the folder of scripts does not have.</summary>
    [Setting("Prefix to take from the path; it becomes a part of SCRIPT_NAME")]
    public string? Strip { get; init; }

    /// <summary>More variables.</summary>
    [Setting("More variables for the scripts, or other values for those that there are")]
    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    /// <summary>Folders that X-Sendfile may name.</summary>
    [Setting("Folders of which an answer with X-Sendfile may name a file to be sent; root when there are none")]
    public IReadOnlyList<FilePath> SendFiles { get; init; } = [];

    /// <summary>Time limits.</summary>
    [Setting("How long a target may take for each step")]
    public UpstreamTimeoutsConfig Timeouts { get; init; } = new();

    /// <summary>Whether bodies are collected for slow clients.</summary>
    [Setting("Collect bodies so that slow clients do not hold a target; off streams both ways at once, but for a request of unknown length")]
    public bool Buffer { get; init; } = true;

    /// <summary>Bytes of one body in memory.</summary>
    [Setting("Bytes of one body that are collected in memory; the rest goes to a temporary file")]
    [Bounds("0", "1GB")]
    public ByteSize BufferMemory { get; init; } = ByteSize.KB(256);

    /// <summary>Bytes of one body on disk.</summary>
    [Setting("Bytes of one body that are collected in a temporary file")]
    [Bounds("0", "1024GB")]
    public ByteSize BufferDisk { get; init; } = ByteSize.GB(1);

    /// <summary>False when the targets are not those of <see cref="To"/>.</summary>
    private protected virtual bool NeedsTargets => true;

    internal Buffering Buffering => new(Buffer, BufferMemory.Bytes, BufferDisk.Bytes);

    /// <inheritdoc/>
    public virtual void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if ((To.Count == 0 && NeedsTargets) || To.Count > Upstream.MaxTargets)
            faults.Report("to", $"found {To.Count} targets, expected 1 to {Upstream.MaxTargets}");
        for (var i = 0; i < To.Count; i++)
        {
            if (To[i].Address.IsTls)
                faults.Report($"to.{i}.address", $"found {To[i].Address}, expected an address without https://: such peers are spoken to without TLS");
        }
        if (Strip is not null && (!Strip.StartsWith('/') || Strip.EndsWith('/')))
            faults.Report("strip", $"found '{Strip}', expected a path like /app, with a slash in front and none behind");
        if (Index is not null && (Index.Length == 0 || Index.Contains('/')))
            faults.Report("index", $"found '{Index}', expected the name of a file without a slash");
        for (var i = 0; i < Split.Count; i++)
        {
            if (Split[i].Length == 0 || Split[i].Contains('/'))
                faults.Report($"split.{i}", $"found '{Split[i]}', expected an ending like .php");
        }
        foreach (var name in Params.Keys)
        {
            if (name.Length == 0 || name.AsSpan().IndexOfAny("=\0") >= 0)
                faults.Report("params", $"found the name '{name}', expected one without = and not empty");
        }
    }
}
