using System.Globalization;

namespace Gatehouse.Fuzz;

/// <summary>The command line.</summary>
internal static class FuzzCommand
{
    private const string Usage = """
        Gatehouse.Fuzz TARGET [--seconds N] [--seed S] [--corpus DIR]   fuzz with the built-in mutations (default 60 seconds)
        Gatehouse.Fuzz TARGET --replay FILE                             give one input once: a failing one, or the .last record of a crash
        Gatehouse.Fuzz TARGET --seeds DIR                               write the target's seeds as files, for another fuzzer
        Gatehouse.Fuzz TARGET --afl | --libfuzzer                       be the program that afl-fuzz or libFuzzer drives
        Gatehouse.Fuzz --list                                           name the targets
        """;

    /// <returns>0 when nothing failed, 1 when an input failed, 2 when the command line is wrong.</returns>
    public static int Run(string[] args)
    {
        if (args is ["--list"])
        {
            foreach (var known in FuzzTargets.All) Console.WriteLine(known.Name);
            return 0;
        }
        if (args.Length == 0 || FuzzTargets.Find(args[0]) is not { } target)
        {
            var found = args.Length == 0 ? "no target is named" : $"there is no target '{args[0]}'";
            Console.Error.WriteLine($"{found}; expected one of {string.Join(", ", FuzzTargets.All.Select(known => known.Name))}.\n{Usage}");
            return 2;
        }
        switch (args.AsSpan(1))
        {
            case ["--replay", var file]: return Replay(target, file);
            case ["--seeds", var folder]: return WriteSeeds(target, folder);
            case ["--afl"]: SharpFuzz.Fuzzer.OutOfProcess.Run(stream => target.Run(ReadAll(stream))); return 0;
            case ["--libfuzzer"]: SharpFuzz.Fuzzer.LibFuzzer.Run(target.Run); return 0;
            default: return Options(args[1..]) is { } options ? Fuzz(target, options) : 2;
        }
    }

    private static int Fuzz(IFuzzTarget target, FuzzOptions options)
    {
        Console.WriteLine($"{target.Name}: {options.Duration.TotalSeconds} s from seed {options.Seed}");
        var result = FuzzRun.Execute(target, options);
        Console.WriteLine($"{target.Name}: {result.Inputs} inputs");
        if (result.Failure is not { } failure) return 0;
        Console.Error.WriteLine(failure);
        return 1;
    }

    private static int Replay(IFuzzTarget target, string file)
    {
        var input = Path.GetExtension(file) == ".last" ? CrashRecord.Read(file) : File.ReadAllBytes(file);
        try
        {
            target.Run(input);
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            return 1;
        }
        Console.WriteLine($"{target.Name}: {file} passes");
        return 0;
    }

    private static int WriteSeeds(IFuzzTarget target, string folder)
    {
        Directory.CreateDirectory(folder);
        var number = 0;
        foreach (var seed in target.Seeds) File.WriteAllBytes(Path.Combine(folder, $"{number++:D4}.bin"), seed);
        Console.WriteLine($"{target.Name}: {number} seeds in {folder}");
        return 0;
    }

    private static FuzzOptions? Options(string[] args)
    {
        var options = new FuzzOptions { Duration = TimeSpan.FromSeconds(60) };
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    options = options with { Duration = TimeSpan.FromSeconds(seconds) };
                    break;
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var seed):
                    options = options with { Seed = seed };
                    break;
                case "--corpus" when Directory.Exists(value):
                    options = options with { Corpus = [.. FilesBelow(value).Select(File.ReadAllBytes)] };
                    break;
                default:
                    Console.Error.WriteLine($"'{args[i]} {value}' is no option with a fitting value.\n{Usage}");
                    return null;
            }
        }
        return options;
    }

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static byte[] ReadAll(Stream stream)
    {
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }
}
