using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Gatehouse.Architecture.Tests;

/// <summary>What a built library names, read from its metadata without loading it.</summary>
/// <param name="Name">The project's name.</param>
/// <param name="ReferencedTypes">Full names of the types of other assemblies that its code, signatures and attributes name.</param>
/// <param name="DeclaredTypes">Its own types: names without namespace and without the number of type parameters.</param>
/// <param name="Namespaces">Namespaces of its own types.</param>
/// <param name="Members">'Type.Member' for each method, property, field and event.</param>
internal sealed record LibraryAssembly(
    string Name, IReadOnlySet<string> ReferencedTypes, IReadOnlySet<string> DeclaredTypes, IReadOnlySet<string> Namespaces, IReadOnlySet<string> Members)
{
    /// <summary>Every library beside the test program.</summary>
    public static IReadOnlyList<LibraryAssembly> All { get; } =
    [
        .. SourceProject.All.Select(project => Path.Combine(AppContext.BaseDirectory, project.Name + ".dll")).Where(File.Exists).Select(Read),
    ];

    private static LibraryAssembly Read(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var reader = image.GetMetadataReader();
        var referenced = reader.TypeReferences.Select(reader.GetTypeReference)
            .Select(type => $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}");
        var declared = new HashSet<string>();
        var namespaces = new HashSet<string>();
        var members = new HashSet<string>();
        foreach (var type in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
        {
            var name = reader.GetString(type.Name).Split('`')[0];
            declared.Add(name);
            namespaces.Add(reader.GetString(type.Namespace));
            foreach (var method in type.GetMethods()) members.Add($"{name}.{reader.GetString(reader.GetMethodDefinition(method).Name)}");
            foreach (var property in type.GetProperties()) members.Add($"{name}.{reader.GetString(reader.GetPropertyDefinition(property).Name)}");
            foreach (var field in type.GetFields()) members.Add($"{name}.{reader.GetString(reader.GetFieldDefinition(field).Name)}");
            foreach (var happening in type.GetEvents()) members.Add($"{name}.{reader.GetString(reader.GetEventDefinition(happening).Name)}");
        }
        return new LibraryAssembly(Path.GetFileNameWithoutExtension(file), referenced.ToHashSet(), declared, namespaces, members);
    }
}
