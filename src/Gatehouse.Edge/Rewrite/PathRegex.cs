using System.Text.RegularExpressions;

namespace Gatehouse.Edge.Rewrite;

/// <summary>
/// Regular expressions for paths, which clients choose: matching is linear in the path's length whatever the expression is, and ends after a bound besides.
/// </summary>
internal static class PathRegex
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(200);

    /// <summary>Makes the expression ready.</summary>
    /// <exception cref="ArgumentException">It is malformed.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking.</exception>
    public static Regex Compile(string expression) => new(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Limit);
}
