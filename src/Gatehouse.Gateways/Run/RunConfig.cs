using Gatehouse.Http.Settings;

namespace Gatehouse.Gateways.Run;

/// <summary>A program that speaks HTTP itself.</summary>
public sealed record RunConfig : ICheckedSettings
{
    /// <summary>The most instances.</summary>
    internal const int MostInstances = 64;

    /// <summary>The command.</summary>
    [Setting("The program and its arguments; {port} is a free port that is picked for it, which PORT in its environment holds too, and {socket} the path of a Unix socket")]
    [Shorthand]
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The working folder.</summary>
    [Setting("Working folder")]
    public FilePath? Path { get; init; }

    /// <summary>How many.</summary>
    [Setting("How many instances, among which requests are balanced")]
    [Bounds(1, MostInstances)]
    public int Instances { get; init; } = 1;

    /// <summary>The environment.</summary>
    [Setting("Entries of the environment, added to that of Gatehouse")]
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>The user.</summary>
    [Setting("User that the program runs as; needs root and setpriv (util-linux)")]
    public string? User { get; init; }

    /// <summary>The group.</summary>
    [Setting("Group that the program runs as; by default the user's")]
    public string? Group { get; init; }

    /// <summary>How long a start may take.</summary>
    [Setting("How long the program may take until it accepts connections; requests wait for so long")]
    [Bounds("100ms", "10m")]
    public TimeSpan Start { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an end may take.</summary>
    [Setting("How long the program may take to end after SIGTERM, before SIGKILL")]
    [Bounds("100ms", "10m")]
    public TimeSpan Stop { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A prefix of the path that the program does not see.</summary>
    [Setting("Prefix to take from the path; the program is told it in X-Forwarded-Prefix")]
    public string? Strip { get; init; }

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (Command.Count == 0 || Command[0].Length == 0)
            faults.Report("command", "found no program, expected its name and arguments");
        if (Strip is not null && (!Strip.StartsWith('/') || Strip.EndsWith('/')))
            faults.Report("strip", $"found '{Strip}', expected a path like /app, with a slash in front and none behind");
        foreach (var (name, value) in Env)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAny('=', '\0') || value.Contains('\0'))
                faults.Report($"env.{name}", "expected a name without '=' and a value without NUL");
        }
    }
}
