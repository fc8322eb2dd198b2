namespace Gatehouse.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public const string Help = """
        bench/run [PART] [--quick] [--only ROW] [--json FILE] [--save] [--gatehouse COMMAND]
        bench/run [PART] --list
        bench/run --render

        Measures Gatehouse side by side with its peers and compares with the bounds. PART is one of: {parts} (engine when none is given).
          --quick              within three minutes; rougher figures
          --only ROW           this row only; may be given several times
          --json FILE          write the raw data to FILE
          --save               write the raw data to bench/results/PART.json and render the page
          --gatehouse COMMAND  the program to measure, with its first arguments; 'serve FILE --state DIR' follows (default: the launcher of this checkout)
          --list               list the rows
          --render             render bench/results/README.md from the saved data
        Exit status: 0 when all bounds hold, 1 when one was missed or a row failed, 2 for a faulty command line.
        """;

    public string Root { get; private init; } = Directory.GetCurrentDirectory();
    public string Part { get; private init; } = "engine";
    public bool Quick { get; private init; }
    public IReadOnlyList<string> Only { get; private init; } = [];
    public string? Json { get; private init; }
    public bool Save { get; private init; }
    public bool List { get; private init; }
    public bool Render { get; private init; }
    public bool ShowHelp { get; private init; }

    /// <summary>The program to measure and its first arguments; null for the launcher.</summary>
    public IReadOnlyList<string>? Gatehouse { get; private init; }

    /// <summary>Where saved data and the page rendered from it are.</summary>
    public string Results => Path.Combine(Root, "bench", "results");

    /// <exception cref="UsageException">An option is unknown or lacks its value.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        var partGiven = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            options = word switch
            {
                "--root" => options with { Root = Value() },
                "--quick" => options with { Quick = true },
                "--only" => options with { Only = [.. options.Only, Value()] },
                "--json" => options with { Json = Path.GetFullPath(Value()) },
                "--save" => options with { Save = true },
                "--gatehouse" => options with { Gatehouse = Value().Split(' ', StringSplitOptions.RemoveEmptyEntries) },
                "--list" => options with { List = true },
                "--render" => options with { Render = true },
                "--help" or "-h" => options with { ShowHelp = true },
                _ when word.StartsWith('-') => throw new UsageException($"unknown option '{word}'; bench/run --help lists them"),
                _ when partGiven => throw new UsageException($"one part at a time: '{options.Part}' and '{word}' were given"),
                _ => options with { Part = word },
            };
            partGiven |= !word.StartsWith('-');

            string Value()
            {
                if (++i < arguments.Count && arguments[i].Length > 0) return arguments[i];
                throw new UsageException($"option {word} needs a value");
            }
        }

        return options;
    }
}
