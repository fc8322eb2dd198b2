namespace Gatehouse.Bench.Results;

/// <summary>The folder of saved runs: a JSON file for each part, the last run of it, and the page rendered from them.</summary>
internal static class ResultFolder
{
    /// <summary>Writes the run in place of the part's last one, and the page.</summary>
    public static void Save(string folder, RunResult run)
    {
        Directory.CreateDirectory(folder);
        run.Write(Path.Combine(folder, run.Part + ".json"));
        Render(folder);
    }

    /// <summary>Writes README.md from all saved runs.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static void Render(string folder)
    {
        string[] files = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)] : [];
        if (files.Length == 0) throw new UsageException($"there is nothing saved in {folder}; bench/run --save measures and saves");
        var page = Path.Combine(folder, "README.md");
        File.WriteAllText(page, MarkdownPage.Render([.. files.Select(RunResult.Read)]));
        Console.WriteLine($"wrote {page}");
    }
}
