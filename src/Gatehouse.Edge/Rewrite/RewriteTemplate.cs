using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Gatehouse.Edge.Rewrite;

/// <summary>A new path with an optional query, in which <c>$1</c> stands for what the first group of a regular expression matched.</summary>
internal sealed class RewriteTemplate
{
    private readonly Part[] _path;
    private readonly Part[] _query;

    private RewriteTemplate(Part[] path, Part[] query)
    {
        _path = path;
        _query = query;
    }

    /// <summary>The parts of the path, decoded.</summary>
    public ReadOnlySpan<Part> Path => _path;

    /// <summary>The parts of the query; the literals are as a query is sent, the groups are decoded.</summary>
    public ReadOnlySpan<Part> Query => _query;

    /// <summary>
    /// Reads a template; <paramref name="groups"/> is the highest group number, -1 when there is no expression and a dollar sign is only itself.
    /// </summary>
    public static bool TryParse(string text, int groups, [MaybeNullWhen(false)] out RewriteTemplate template, [NotNullWhen(false)] out string? fault)
    {
        template = null;
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? text : text[..question];
        var query = question < 0 ? "" : text[(question + 1)..];
        fault = text is not ['/', ..] ? $"found '{text}', expected a path that starts with a slash" : FaultOfPath(path) ?? FaultOfQuery(query);
        if (fault is not null || !TryParts(path, groups, out var pathParts, out fault) || !TryParts(query, groups, out var queryParts, out fault))
            return false;
        template = new RewriteTemplate(pathParts, queryParts);
        return true;
    }

    /// <summary>What keeps a text from being a decoded path; null for nothing.</summary>
    public static string? FaultOfPath(string path)
    {
        if (path.Any(char.IsControl))
            return "found a control character, expected a path";
        if (path.Contains('#', StringComparison.Ordinal))
            return $"found '{path}', which holds a #, expected a path without a fragment";
        for (var i = 0; i + 2 < path.Length; i++)
        {
            if (path[i] == '%' && char.IsAsciiHexDigit(path[i + 1]) && char.IsAsciiHexDigit(path[i + 2]))
                return $"found '{path}', expected a decoded path: the byte itself in the place of its percent-encoding";
        }
        return null;
    }

    private static string? FaultOfQuery(string query) => query.AsSpan().ContainsAnyExceptInRange('!', '~') || query.Contains('#', StringComparison.Ordinal)
        ? $"found the query '{query}', expected it as it is sent: ASCII without spaces and #, other characters as %HH"
        : null;

    private static bool TryParts(string text, int groups, [MaybeNullWhen(false)] out Part[] parts, [NotNullWhen(false)] out string? fault)
    {
        var found = new List<Part>();
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '$' || groups < 0)
            {
                literal.Append(text[at]);
                continue;
            }
            var end = at + 1;
            while (end < text.Length && end < at + 3 && char.IsAsciiDigit(text[end]))
                end++;
            if (end == at + 1)
            {
                if (end == text.Length || text[end] != '$')
                {
                    parts = null;
                    fault = $"found '{text}', expected a group's number behind the dollar sign, or $$ for the sign itself";
                    return false;
                }
                literal.Append('$');
                at = end;
                continue;
            }
            var group = int.Parse(text.AsSpan(at + 1, end - at - 1), NumberStyles.None, CultureInfo.InvariantCulture);
            if (group > groups)
            {
                parts = null;
                fault = $"found '${group}', expected at most ${groups}, the last group of the regular expression";
                return false;
            }
            Flush();
            found.Add(new Part([], group));
            at = end - 1;
        }
        Flush();
        parts = [.. found];
        fault = null;
        return true;

        void Flush()
        {
            if (literal.Length > 0)
                found.Add(new Part(Encoding.UTF8.GetBytes(literal.ToString()), -1));
            literal.Clear();
        }
    }

    /// <summary>A literal, or a group by its number.</summary>
    public readonly record struct Part(byte[] Literal, int Group);
}
