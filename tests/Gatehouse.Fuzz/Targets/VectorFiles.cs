using Gatehouse.Testing;

namespace Gatehouse.Fuzz.Targets;

/// <summary>The wire vectors of the test projects, as seeds. Only where the sources are: a copied program has its literals.</summary>
internal static class VectorFiles
{
    /// <summary>Every file below tests/<paramref name="project"/>/Vectors/<paramref name="folder"/> that is not an expected result.</summary>
    public static IEnumerable<byte[]> Below(string project, string folder)
    {
        var path = Path.Combine(Repository.Root, "tests", project, "Vectors", folder);
        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetExtension(file) is ".http" or ".wire" or ".bin" or ".txt" or ".yaml")
                .Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
            : [];
    }
}
