using System.Text.RegularExpressions;

namespace Gatehouse.Architecture.Tests;

/// <summary>Lists what breaks a rule, so that a failing test names each place.</summary>
internal static class Offenders
{
    /// <summary>Fails with the rule and every offender.</summary>
    public static void None(string rule, IEnumerable<string> offenders)
    {
        var found = offenders.ToList();
        Assert.True(found.Count == 0, $"{rule}\n{string.Join("\n", found.Select(offender => "  " + offender))}");
    }

    /// <summary>'file:line: code' for each line of code (not of comments or literals) that matches.</summary>
    public static IEnumerable<string> Lines(IEnumerable<SourceFile> files, Regex pattern) => files.SelectMany(file => Lines(file.Path, file.Code, pattern));

    /// <summary>'path:line: text' for each match.</summary>
    public static IEnumerable<string> Lines(string path, string text, Regex pattern) =>
        pattern.Matches(text).Select(match => $"{path}:{text.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value.Trim()}");
}
