using Gatehouse.Testing;

namespace Gatehouse.Fuzz.Targets;

/// <summary>The wire vectors of the test projects, as seeds. Only where the sources are: a copied program has its literals.</summary>
internal static class VectorFiles
{
    /// <summary>Every file of tests/<paramref name="folder"/> that matches, in the order of the names.</summary>
    public static IEnumerable<byte[]> Of(string folder, string pattern)
    {
        var path = Path.Combine(Repository.Root, "tests", folder);
        return Directory.Exists(path) ? Directory.EnumerateFiles(path, pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes) : [];
    }
}
