using Gatehouse.Edge.Relay;
using Gatehouse.Http.Settings;

namespace Gatehouse.Gateways.Cgi;

/// <summary>A folder of CGI scripts, and how they are run.</summary>
public sealed record CgiConfig : ICheckedSettings
{
    /// <summary>The folder.</summary>
    [Setting("The folder of scripts: executable files, run as they are")]
    [Shorthand]
    public required FilePath Root { get; init; }

    /// <summary>How long a script may be silent.</summary>
    [Setting("How long a script may take until its answer begins, and then between two pieces of it or of its input; after that its process group is ended")]
    [Bounds("10ms", "1d")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Scripts at a time.</summary>
    [Setting("Scripts of this route that run at a time; a request beyond is answered 503")]
    [Bounds(1, 100_000)]
    public int Processes { get; init; } = 128;

    /// <summary>PATH of the scripts.</summary>
    [Setting("PATH of the scripts' environment, which has nothing of the server's own")]
    public string Path { get; init; } = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>More variables.</summary>
    [Setting("More variables for the scripts, or other values for those that there are")]
    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    /// <summary>Folders that X-Sendfile may name.</summary>
    [Setting("Folders of which an answer with X-Sendfile may name a file to be sent")]
    public IReadOnlyList<FilePath> SendFiles { get; init; } = [];

    /// <summary>Whether bodies are collected for slow clients.</summary>
    [Setting("Collect bodies so that slow clients do not hold a process; off streams both ways at once, but for a request of unknown length")]
    public bool Buffer { get; init; } = true;

    /// <summary>Bytes of one body in memory.</summary>
    [Setting("Bytes of one body that are collected in memory; the rest goes to a temporary file")]
    [Bounds("0", "1GB")]
    public ByteSize BufferMemory { get; init; } = ByteSize.KB(256);

    /// <summary>Bytes of one body on disk.</summary>
    [Setting("Bytes of one body that are collected in a temporary file")]
    [Bounds("0", "1024GB")]
    public ByteSize BufferDisk { get; init; } = ByteSize.GB(1);

    internal Buffering Buffering => new(Buffer, BufferMemory.Bytes, BufferDisk.Bytes);

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        foreach (var name in Params.Keys)
        {
            if (name.Length == 0 || name.AsSpan().IndexOfAny("=\0") >= 0)
                faults.Report("params", $"found the name '{name}', expected one without = and not empty");
        }
    }
}
