using Gatehouse.Http.Settings;

namespace Gatehouse.Gateways.FastCgi;

/// <summary>A FastCGI program that is started here, in some processes that share one listening socket as their standard input.</summary>
public sealed record SpawnConfig : ICheckedSettings
{
    /// <summary>The program and its arguments.</summary>
    [Setting("The program and its arguments; it is given its listening socket as standard input, as the protocol has it")]
    [Shorthand]
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>How many.</summary>
    [Setting("Processes, each of which answers one request at a time")]
    [Bounds(1, 1000)]
    public int Processes { get; init; } = 4;

    /// <summary>Entries of the environment.</summary>
    [Setting("Entries of the environment, added to that of Gatehouse")]
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>The working folder.</summary>
    [Setting("Working folder; by default root, else the folder of the configuration")]
    public FilePath? Folder { get; init; }

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (Command.Count == 0 || Command[0].Length == 0)
            faults.Report("command", "found nothing, expected a program and its arguments, like [php-cgi]");
        foreach (var name in Env.Keys)
        {
            if (name.Length == 0 || name.AsSpan().IndexOfAny("=\0") >= 0)
                faults.Report("env", $"found the name '{name}', expected one without = and not empty");
        }
    }
}
