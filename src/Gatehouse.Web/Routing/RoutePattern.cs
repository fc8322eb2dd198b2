namespace Gatehouse.Web;

/// <summary>
/// The pattern of a route: <c>/books/{id:int}</c>, <c>/archive/{year:range(1990,2100)}/{month?}</c>, <c>/files/{*path}</c>. A parameter is a whole segment;
/// optional ones stand at the end, a catch-all last, and takes the rest of the path, which may be empty.
/// </summary>
internal sealed class RoutePattern
{
    /// <summary>Segments of one pattern, at most: what one request has room for.</summary>
    public const int MaxParameters = 16;

    private RoutePattern(string text, List<RouteSegment> segments)
    {
        Text = text;
        Segments = segments;
        Parameters = [.. segments.Where(segment => segment.Literal is null).Select(segment => segment.Parameter)];
    }

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    public IReadOnlyList<RouteSegment> Segments { get; }

    /// <summary>The names of the parameters, in order: the place of a name is that of its value in a request.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="FormatException">It is no pattern; the message says why.</exception>
    public static RoutePattern Parse(string text)
    {
        if (!text.StartsWith('/'))
            throw new FormatException("expected a pattern that begins with a slash");
        var segments = new List<RouteSegment>();
        foreach (var part in Split(text))
        {
            if (segments is [.., { IsCatchAll: true }])
                throw new FormatException("a catch-all takes the rest of the path, so it stands last");
            var segment = ParseSegment(part);
            if (segments is [.., { IsOptional: true }] && !segment.IsOptional)
                throw new FormatException($"'{part}' stands behind an optional parameter; optional ones stand at the end");
            if (segment.Literal is null && segments.Exists(other => other.Literal is null && other.Parameter == segment.Parameter))
                throw new FormatException($"the parameter '{segment.Parameter}' is there twice");
            segments.Add(segment);
        }
        if (segments.Count(segment => segment.Literal is null) > MaxParameters)
            throw new FormatException($"a pattern has at most {MaxParameters} parameters");
        return new RoutePattern(text, segments);
    }

    // A slash inside of braces belongs to a constraint, such as a regular expression.
    private static IEnumerable<string> Split(string text)
    {
        var depth = 0;
        var start = 1;
        for (var i = 1; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == '/' && depth == 0))
            {
                if (i > start)
                    yield return text[start..i];
                else if (i < text.Length)
                    throw new FormatException("a segment is empty");
                start = i + 1;
            }
            else
            {
                depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            }
        }
    }

    private static RouteSegment ParseSegment(string part)
    {
        if (!part.Contains('{', StringComparison.Ordinal))
        {
            return part.Contains('}', StringComparison.Ordinal)
                ? throw new FormatException($"'{part}' closes a brace that is not open")
                : new RouteSegment(part, "", [], false, false);
        }
        if (part is not ['{', .. var inner, '}'])
            throw new FormatException($"'{part}': a parameter is a whole segment, like {{name}}");
        var isCatchAll = inner.StartsWith('*');
        inner = isCatchAll ? inner.TrimStart('*') : inner;
        var isOptional = inner.EndsWith('?');
        inner = isOptional ? inner[..^1] : inner;
        if (isCatchAll && isOptional)
            throw new FormatException($"'{part}': a catch-all may be empty anyhow");
        var words = SplitConstraints(inner);
        if (words[0].Length == 0 || words[0].Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_'))
            throw new FormatException($"'{part}': a parameter's name has letters, digits and underscores");
        return new RouteSegment(null, words[0], [.. words.Skip(1).Select(RouteConstraint.Parse)], isOptional, isCatchAll);
    }

    // A colon inside of parentheses belongs to an argument.
    private static List<string> SplitConstraints(string inner)
    {
        var words = new List<string>();
        var depth = 0;
        var start = 0;
        for (var i = 0; i <= inner.Length; i++)
        {
            if (i == inner.Length || (inner[i] == ':' && depth == 0))
            {
                words.Add(inner[start..i]);
                start = i + 1;
            }
            else
            {
                depth += inner[i] switch { '(' => 1, ')' => -1, _ => 0 };
            }
        }
        return words;
    }
}
