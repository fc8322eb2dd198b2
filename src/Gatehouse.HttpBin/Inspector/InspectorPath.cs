namespace Gatehouse.HttpBin.Inspector;

/// <summary>A path of the inspector: <c>/inspect/NAME</c>, or anything below it.</summary>
/// <param name="Name">Which list of requests.</param>
/// <param name="Below">What stands behind the name; empty at the list itself.</param>
internal readonly record struct InspectorPath(string Name, string Below)
{
    public const int MaxName = 64;

    private const string Root = "/inspect/";

    /// <summary>False when the path is not the inspector's, or its name is not 1 to 64 letters, digits, dots, hyphens and underscores.</summary>
    public static bool TryParse(string path, out InspectorPath parsed)
    {
        parsed = default;
        if (!path.StartsWith(Root, StringComparison.Ordinal))
            return false;
        var rest = path[Root.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? rest : rest[..slash];
        if (name.Length is 0 or > MaxName || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')))
            return false;
        parsed = new InspectorPath(name, slash < 0 ? "" : rest[slash..]);
        return true;
    }
}
