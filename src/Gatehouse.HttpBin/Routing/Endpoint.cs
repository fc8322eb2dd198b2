namespace Gatehouse.HttpBin.Routing;

/// <summary>One endpoint: which requests it answers, how, and what the page says of it.</summary>
/// <param name="Group">Its heading on the page.</param>
/// <param name="Methods">The methods it answers; HEAD goes with GET, and OPTIONS is answered for all.</param>
/// <param name="Template">Its path: text, <c>{name}</c> for a segment, <c>{name:int}</c> for digits, <c>{name*}</c> for all that is left.</param>
/// <param name="Summary">One sentence for the page.</param>
/// <param name="Answer">Answers a request.</param>
internal sealed record Endpoint(string Group, string Methods, string Template, string Summary, Func<BinCall, ValueTask> Answer)
{
    private readonly string[] _segments = Template.Split('/');

    private readonly string[] _methods = Methods.Split(' ');

    /// <summary>The methods, for Allow.</summary>
    public IEnumerable<string> Allowed => _methods.Contains("GET") ? _methods.Append("HEAD").Append("OPTIONS") : _methods.Append("OPTIONS");

    /// <summary>True when it answers that method itself.</summary>
    public bool Takes(string method) => _methods.Contains(method) || (method == "HEAD" && _methods.Contains("GET"));

    /// <summary>Reads the variable parts of a path; null when the path is not this endpoint's.</summary>
    public Dictionary<string, string>? Match(string[] path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < _segments.Length; i++)
        {
            var segment = _segments[i];
            if (segment.EndsWith("*}", StringComparison.Ordinal))
            {
                if (path.Length <= i || path[i].Length == 0)
                    return null;
                values[segment[1..^2]] = string.Join('/', path[i..]);
                return values;
            }
            if (i >= path.Length || !Matches(segment, path[i], values))
                return null;
        }
        return path.Length == _segments.Length ? values : null;
    }

    private static bool Matches(string segment, string text, Dictionary<string, string> values)
    {
        if (segment is not ['{', .., '}'])
            return segment == text;
        var name = segment[1..^1];
        if (name.EndsWith(":int", StringComparison.Ordinal))
        {
            name = name[..^4];
            // As long as an int is sure to hold.
            if (text.Length is 0 or > 9 || text.AsSpan().ContainsAnyExceptInRange('0', '9'))
                return false;
        }
        values[name] = text;
        return text.Length > 0;
    }
}
