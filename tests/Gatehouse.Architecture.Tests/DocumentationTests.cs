using System.Text.RegularExpressions;
using Gatehouse.Testing;

namespace Gatehouse.Architecture.Tests;

/// <summary>What docs/ARCHITECTURE.md writes in `code` marks exists: a project, namespace, type or member of the sources, or a path of the checkout.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void Names_in_code_marks_exist()
    {
        var known = LibraryAssembly.All.SelectMany(library => library.DeclaredTypes.Concat(library.Namespaces).Concat(library.Members))
            .Concat(SourceProject.All.Select(project => project.Name))
            .Concat(typeof(Repository).Assembly.GetTypes().Select(type => type.Name))
            .Concat(Directory.EnumerateDirectories(Path.Combine(Repository.Root, "tests")).Select(folder => Path.GetFileName(folder)))
            .ToHashSet();
        Offenders.None("docs/ARCHITECTURE.md names what does not exist (names of other libraries stand without code marks):",
            ArchitecturePage.CodeSpans.Where(span => Name().IsMatch(span) && !known.Contains(span)));
    }

    [Fact]
    public void Paths_in_code_marks_exist() =>
        Offenders.None("docs/ARCHITECTURE.md names a path that does not exist:",
            ArchitecturePage.CodeSpans.Where(span => RelativePath().IsMatch(span) && !Path.Exists(Path.Combine(Repository.Root, span))));

    [GeneratedRegex(@"^[A-Z]\w*(\.[A-Z]\w*)*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(src|tests|bench|docs|examples)/[\w./-]*$")]
    private static partial Regex RelativePath();
}
