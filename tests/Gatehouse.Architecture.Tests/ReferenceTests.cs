using Gatehouse.Testing;

namespace Gatehouse.Architecture.Tests;

/// <summary>The table of who may refer to whom in docs/ARCHITECTURE.md, against the project files.</summary>
public sealed class ReferenceTests
{
    private static readonly string Sources = Path.Combine(Repository.Root, "src") + "/";

    [Fact]
    public void The_table_and_src_hold_the_same_projects()
    {
        var projects = SourceProject.All.Select(project => project.Name).ToList();
        Offenders.None("Has no row in the table of docs/ARCHITECTURE.md:", projects.Except(ArchitecturePage.ReferenceTable.Keys));
        Offenders.None("Stands in the table of docs/ARCHITECTURE.md and not in src/:", ArchitecturePage.ReferenceTable.Keys.Except(projects));
        Offenders.None(
            "Is allowed by the table and has no row:",
            ArchitecturePage.ReferenceTable.Values.SelectMany(row => row).Except(ArchitecturePage.ReferenceTable.Keys));
    }

    [Fact]
    public void No_project_refers_to_what_the_table_does_not_allow() =>
        Offenders.None("Refers to what docs/ARCHITECTURE.md does not allow:", SourceProject.All.SelectMany(project =>
            project.References.Except(ArchitecturePage.AllowedFor(project.Name)).Select(reference => $"{project.Name} → {reference}")));

    [Fact]
    public void No_project_reaches_what_the_table_does_not_allow()
    {
        var references = SourceProject.All.ToDictionary(project => project.Name, project => project.References);
        HashSet<string> Reached(string name)
        {
            var reached = new HashSet<string>();
            var open = new Stack<string>(references[name]);
            while (open.TryPop(out var next))
                if (reached.Add(next))
                    foreach (var further in references.GetValueOrDefault(next, [])) open.Push(further);
            return reached;
        }
        Offenders.None("Reaches what docs/ARCHITECTURE.md does not allow:", references.Keys.SelectMany(name =>
            Reached(name).Except(ArchitecturePage.AllowedFor(name)).Select(reached => $"{name} → ... → {reached}")));
    }

    [Fact]
    public void The_table_has_no_circle() =>
        Offenders.None(
            "May refer to itself by the table:",
            ArchitecturePage.ReferenceTable.Keys.Where(name => ArchitecturePage.AllowedFor(name).Contains(name)));

    [Fact]
    public void No_project_of_src_refers_to_a_project_elsewhere() =>
        Offenders.None("Refers out of src/:", SourceProject.All.SelectMany(project => project.Xml.Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")!.Value)
            .Where(path => !Path.GetFullPath(Path.Combine(project.Folder, path)).StartsWith(Sources, StringComparison.Ordinal))
            .Select(path => $"{project.Name} → {path}")));

    [Fact]
    public void Every_project_has_tests() =>
        Offenders.None("Has no tests/NAME.Tests project:", SourceProject.All.Select(project => project.Name)
            .Where(name => !File.Exists(Path.Combine(Repository.Root, "tests", $"{name}.Tests", $"{name}.Tests.csproj"))));
}
