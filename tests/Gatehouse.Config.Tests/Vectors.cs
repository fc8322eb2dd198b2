using System.Runtime.CompilerServices;

namespace Gatehouse.Config.Tests;

/// <summary>The recorded files of this project.</summary>
internal static class Vectors
{
    public static string Folder { get; } = Path.Combine(SourceFolder(), "Vectors");

    /// <summary>
    /// Compares with a recorded text. After a wanted change run the tests once with GATEHOUSE_RECORD=1 in the environment, which writes it anew, and review the
    /// difference.
    /// </summary>
    public static void AssertRecorded(string file, string actual)
    {
        var path = Path.Combine(Folder, file);
        if (Environment.GetEnvironmentVariable("GATEHOUSE_RECORD") == "1")
            File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
