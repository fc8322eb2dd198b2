using System.Xml.Linq;
using Gatehouse.Testing;

namespace Gatehouse.Architecture.Tests;

/// <summary>A project of src/ as its file and its folder say.</summary>
/// <param name="Name">The name of the folder and the file.</param>
/// <param name="Folder">Absolute path.</param>
/// <param name="References">Names of the projects that it refers to directly.</param>
/// <param name="Xml">The project file.</param>
internal sealed record SourceProject(string Name, string Folder, IReadOnlyList<string> References, XDocument Xml)
{
    /// <summary>Every project of src/.</summary>
    public static IReadOnlyList<SourceProject> All { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>The C# files below the folder, without what the build makes.</summary>
    public IReadOnlyList<SourceFile> Sources => SourceFile.Below(Folder, "*.cs");

    private static SourceProject Read(string file)
    {
        var xml = XDocument.Load(file);
        var references = xml.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        return new SourceProject(Path.GetFileNameWithoutExtension(file), Path.GetDirectoryName(file)!, [.. references], xml);
    }
}
