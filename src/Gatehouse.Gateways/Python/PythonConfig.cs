using Gatehouse.Http.Settings;

namespace Gatehouse.Gateways.Python;

/// <summary>What a WSGI and an ASGI application have in common: which it is, and the processes that run it.</summary>
public abstract record PythonConfig : ICheckedSettings
{
    /// <summary>The application.</summary>
    [Setting("The application as module:name; module:name() calls a factory; name may be left out for application")]
    [Shorthand]
    public required string App { get; init; }

    /// <summary>The folder of its code.</summary>
    [Setting("Folder that modules are imported from")]
    public FilePath? Path { get; init; }

    /// <summary>The interpreter.</summary>
    [Setting("Python interpreter: a name along PATH, a file, or the folder of a virtual environment; CPython 3.9 or later, or PyPy")]
    public string Python { get; init; } = "python3";

    /// <summary>How many workers.</summary>
    [Setting("How many worker processes")]
    public WorkersConfig Workers { get; init; } = new();

    /// <summary>Whether the application is imported before workers are forked.</summary>
    [Setting("Import the application once and fork workers from it, which saves memory and time; off imports it in each worker")]
    public bool Preload { get; init; } = true;

    /// <summary>How long one request may take.</summary>
    [Setting("How long the application may take for one request, or for its next part once the answer has begun; then its worker is killed and the answer is 504")]
    [Bounds("100ms", "1d")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many requests wait.</summary>
    [Setting("Requests that may wait for a worker; more are answered 503")]
    [Bounds(1, 4000)]
    public int Backlog { get; init; } = 1000;

    /// <summary>Requests of one worker.</summary>
    [Setting("Requests after which a worker is replaced, give or take a tenth so that not all are at once; 0 for never")]
    [Bounds(0, 1000000000)]
    public int MaxRequests { get; init; }

    /// <summary>Memory of one worker.</summary>
    [Setting("Resident memory above which a worker is replaced after its request; 0 for never")]
    [Bounds("0", "1024GB")]
    public ByteSize MaxMemory { get; init; }

    /// <summary>Age of one worker.</summary>
    [Setting("Age at which a worker is replaced after its request; 0 for never")]
    [Bounds("0", "365d")]
    public TimeSpan MaxAge { get; init; }

    /// <summary>Whether bodies are collected.</summary>
    [Setting("Collect bodies so that slow clients do not hold a worker; off streams them")]
    public bool Buffer { get; init; } = true;

    /// <summary>The environment.</summary>
    [Setting("Entries of the environment, added to that of Gatehouse")]
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>The user.</summary>
    [Setting("User that workers run as, by name or number; needs root")]
    public string? User { get; init; }

    /// <summary>The group.</summary>
    [Setting("Group that workers run as, by name or number; by default the user's")]
    public string? Group { get; init; }

    /// <summary>The umask.</summary>
    [Setting("Permissions that files made by workers do not get, in octal: 022, 077")]
    public string? Umask { get; init; }

    /// <summary>The working folder.</summary>
    [Setting("Working folder; by default the folder of the code")]
    public FilePath? Folder { get; init; }

    /// <summary>The process limit.</summary>
    [Setting("Processes and threads that the workers' user may have (RLIMIT_NPROC), which holds a fork bomb; root is not held by it")]
    [Bounds(1, 1000000)]
    public int? Processes { get; init; }

    /// <summary>Whether the code is watched.</summary>
    [Setting("When the code is loaded anew: on-signal (SIGHUP), or on-change of a .py file below path as well, for development")]
    [Words("on-signal", "on-change")]
    public string Reload { get; init; } = "on-signal";

    /// <summary>A prefix of the path that the application does not see.</summary>
    [Setting("Prefix to take from the path; the application is told it as SCRIPT_NAME or root_path")]
    public string? Strip { get; init; }

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (App.Length == 0 || App[0] == ':' || App.Any(letter => letter is '/' or '\\' || char.IsWhiteSpace(letter) || char.IsControl(letter)))
            faults.Report("app", $"found '{App}', expected module:name like shop.wsgi:application");
        if (Python.Length == 0)
            faults.Report("python", "found an empty text, expected the name or path of an interpreter");
        if (Strip is not null && (!Strip.StartsWith('/') || Strip.EndsWith('/')))
            faults.Report("strip", $"found '{Strip}', expected a path like /app, with a slash in front and none behind");
        if (Umask is not null && (Umask.Length is 0 or > 4 || Umask.AsSpan().ContainsAnyExceptInRange('0', '7') || Convert.ToInt32(Umask, 8) > 511))
            faults.Report("umask", $"found '{Umask}', expected three octal digits like 022");
        foreach (var (name, value) in Env)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAny('=', '\0') || value.Contains('\0'))
                faults.Report($"env.{name}", "expected a name without '=' and a value without NUL");
        }
    }
}
