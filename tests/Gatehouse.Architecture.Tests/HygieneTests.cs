using System.Text.RegularExpressions;
using Gatehouse.Testing;

namespace Gatehouse.Architecture.Tests;

/// <summary>What must not stand in any file of the checkout.</summary>
public sealed partial class HygieneTests
{
    private static readonly string[] Folders = ["src", "tests", "bench", "examples", "docs"];
    private static readonly string[] Patterns = ["*.cs", "*.csproj", "*.props", "*.targets", "*.md", "*.py", "*.sh", "*.yaml", "*.json"];

    [Fact]
    public void No_file_names_the_address_of_a_package_registry()
    {
        var folders = Folders.Select(name => Path.Combine(Repository.Root, name)).Where(Directory.Exists);
        var files = folders.SelectMany(folder => Patterns.SelectMany(pattern => SourceFile.Below(folder, pattern)));
        var atRoot = Directory.EnumerateFiles(Repository.Root)
            .Where(file => Path.GetFileName(file) != ".git")
            .Select(file => new SourceFile(Path.GetFileName(file), File.ReadAllText(file)));
        Offenders.None(
            "Where packages come from is the machine's own configuration:",
            files.Concat(atRoot).SelectMany(file => Offenders.Lines(file.Path, file.Text, Registry())));
    }

    // The dots are written as [.] so that this file does not match itself.
    [GeneratedRegex(@"api[.]nuget[.]org|registry[.]npmjs[.]org|files[.]pythonhosted[.]org|pypi[.]org/simple|deb[.]debian[.]org|proxy[.]golang[.]org")]
    private static partial Regex Registry();
}
