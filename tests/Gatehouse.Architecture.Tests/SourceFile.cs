using System.Text.RegularExpressions;
using Gatehouse.Testing;

namespace Gatehouse.Architecture.Tests;

/// <summary>A file of the checkout.</summary>
/// <param name="Path">Path from the root of the checkout, with slashes.</param>
/// <param name="Text">All of it.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    /// <summary>The text of a C# file with comments and literals emptied, so that a word in it is code. Lines keep their numbers.</summary>
    public string Code =>
        CommentOrLiteral().Replace(Text, match => (match.Value[0] is '/' ? " " : "\"\"") + new string('\n', match.Value.Count(value => value == '\n')));

    /// <summary>Files below a folder, without what the build makes.</summary>
    public static IReadOnlyList<SourceFile> Below(string folder, string pattern) =>
    [
        .. Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Select(file => (File: file, Relative: System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')))
            .Where(entry => !entry.Relative.Split('/').Any(part => part is "bin" or "obj" or ".build" or ".git"))
            .OrderBy(entry => entry.Relative, StringComparer.Ordinal)
            .Select(entry => new SourceFile(entry.Relative, File.ReadAllText(entry.File))),
    ];

    [GeneratedRegex("""(?<q>"{3,}).*?\k<q>(?!")|\$?@\$?"(?:[^"]|"")*"|//[^\n]*|/\*.*?\*/|\$?"(?:\\.|[^"\\\n])*"|'(?:\\.[^'\n]*|[^'\\\n])'""",
        RegexOptions.Singleline)]
    private static partial Regex CommentOrLiteral();
}
