using System.IO.Enumeration;

namespace Gatehouse.Config.Yaml;

/// <summary>File names with <c>*</c> and <c>?</c> in any of their segments, as a shell expands them: sorted, and hidden files only when asked for.</summary>
internal static class FilePattern
{
    /// <summary>
    /// The files that <paramref name="pattern"/> names, relative to <paramref name="folder"/> unless it is absolute. A name without * and ? is given back
    /// whether or not there is such a file; a pattern may name none.
    /// </summary>
    public static IEnumerable<string> Expand(string folder, string pattern)
    {
        if (!IsPattern(pattern))
            return [Path.Combine(folder, pattern)];
        IEnumerable<string> found = [Path.IsPathRooted(pattern) ? "/" : folder];
        var segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            var isLast = i == segments.Length - 1;
            found = IsPattern(segment) ? found.SelectMany(parent => Names(parent, segment, isLast)) : found.Select(parent => Path.Combine(parent, segment));
        }
        return found.Where(File.Exists);
    }

    private static bool IsPattern(string text) => text.AsSpan().ContainsAny('*', '?');

    private static IEnumerable<string> Names(string parent, string segment, bool files)
    {
        var listed = parent.Length == 0 ? "." : parent;
        if (!Directory.Exists(listed))
            return [];
        return (files ? Directory.EnumerateFiles(listed) : Directory.EnumerateDirectories(listed))
            .Select(path => Path.GetFileName(path))
            .Where(name => FileSystemName.MatchesSimpleExpression(segment, name, ignoreCase: false) && (name[0] != '.' || segment[0] == '.'))
            .Order(StringComparer.Ordinal)
            .Select(name => Path.Combine(parent, name));
    }
}
