namespace Gatehouse.Testing;

/// <summary>Where the checkout is that the running test was built from.</summary>
public static class Repository
{
    private static readonly string[] Marks = ["global.json", "Directory.Build.props"];

    /// <summary>The folder of the checkout: the nearest one above the test program with the repository's build files.</summary>
    /// <exception cref="DirectoryNotFoundException">The test program was moved out of its checkout.</exception>
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration the test program was built in: Release or Debug.</summary>
    public static string Configuration { get; } =
        AppContext.BaseDirectory.Contains("/bin/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Marks.All(mark => File.Exists(Path.Combine(folder.FullName, mark)))) return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has {string.Join(" and ", Marks)}.");
    }
}
