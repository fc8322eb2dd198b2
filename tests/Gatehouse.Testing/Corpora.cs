namespace Gatehouse.Testing;

/// <summary>Recorded cases from other projects, read in place below the folder that GATEHOUSE_CORPORA names. They are not part of this repository.</summary>
public static class Corpora
{
    private const string Variable = "GATEHOUSE_CORPORA";

    /// <summary>The folder <paramref name="name"/> of the corpora. Without the corpora the test that asks is skipped; with CI=true it fails.</summary>
    /// <exception cref="DirectoryNotFoundException">The corpora are there, and this folder is not.</exception>
    public static string Folder(string name)
    {
        var root = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(root))
        {
            var reason = $"{Variable} does not name a folder of recorded cases; this test reads '{name}' below it.";
            Assert.SkipUnless(OnCi, reason);
            Assert.Fail(reason);
        }
        var folder = Path.Combine(root, name);
        return Directory.Exists(folder) ? folder : throw new DirectoryNotFoundException($"{Variable} is {root}, which has no folder '{name}'.");
    }

    /// <summary>True in continuous integration (CI=true), where what is missing is a failure and not a skip.</summary>
    public static bool OnCi => Environment.GetEnvironmentVariable("CI") == "true";
}
