using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Logs;

/// <summary>
/// Reads the template of a format: <c>*( text / "$$" / "$" name / "${" name [ ":" field ] "}" )</c> with
/// <c>name = lower *( lower / DIGIT / "-" ( lower / DIGIT ) )</c>, so that in <c>$method-$status</c> the hyphen is text.
/// </summary>
internal static class LogTemplate
{
    private const int MaxLength = 8 * 1024;
    private const int MaxSegments = 128;

    public static bool TryParse(string text, [NotNullWhen(true)] out IReadOnlyList<LogSegment>? segments, [NotNullWhen(false)] out string? fault)
    {
        segments = null;
        var found = new List<LogSegment>();
        var literal = new StringBuilder();
        if (text.Length > MaxLength)
        {
            fault = $"found a template of {text.Length} characters, expected at most {MaxLength}";
            return false;
        }
        if (text.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            fault = "found a line break or NUL in the template, expected one line";
            return false;
        }
        for (var at = 0; at < text.Length;)
        {
            if (text[at] != '$')
            {
                literal.Append(text[at++]);
                continue;
            }
            if (text.AsSpan(at).StartsWith("$$"))
            {
                literal.Append('$');
                at += 2;
                continue;
            }
            if (!TryReadVariable(text, ref at, out var name, out fault) || !TryFind(name, out var variable, out var field, out fault))
                return false;
            found.Add(new LogSegment(Encoding.UTF8.GetBytes(literal.ToString()), variable, field));
            literal.Clear();
        }
        if (found.Count > MaxSegments)
        {
            fault = $"found {found.Count} variables in the template, expected at most {MaxSegments}";
            return false;
        }
        found.Add(new LogSegment(Encoding.UTF8.GetBytes(literal.ToString()), LogVariable.None, []));
        segments = found;
        fault = null;
        return true;
    }

    private static bool TryReadVariable(string text, ref int at, out string name, [NotNullWhen(false)] out string? fault)
    {
        name = "";
        fault = null;
        var start = at + 1;
        if (start < text.Length && text[start] == '{')
        {
            var end = text.IndexOf('}', start);
            if (end < 0)
            {
                fault = $"found '${{' at column {at + 1} of the template without its closing brace";
                return false;
            }
            name = text[(start + 1)..end];
            at = end + 1;
            return true;
        }
        var last = start;
        while (last < text.Length && (IsNameCharacter(text[last])
            || (text[last] == '-' && last > start && last + 1 < text.Length && IsNameCharacter(text[last + 1]))))
        {
            last++;
        }
        if (last == start)
        {
            fault = $"found '$' at column {at + 1} of the template without a name behind it; a dollar sign itself is written '$$'";
            return false;
        }
        name = text[start..last];
        at = last;
        return true;
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static bool TryFind(string name, out LogVariable variable, out byte[] field, [NotNullWhen(false)] out string? fault)
    {
        fault = null;
        field = [];
        if (LogVariables.TryFind(name, out variable))
            return true;
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        variable = colon < 0 ? LogVariable.None : name[..colon] switch
        {
            "header" => LogVariable.Header,
            "response-header" => LogVariable.ResponseHeader,
            _ => LogVariable.None,
        };
        if (variable != LogVariable.None)
        {
            field = Encoding.UTF8.GetBytes(name[(colon + 1)..]);
            if (!HeaderSyntax.IsToken(field))
                fault = $"found '${{{name}}}', expected the name of a field behind the colon";
            return fault is null;
        }
        var shown = name.Length > 40 ? name[..40] + "..." : name;
        fault = $"found the unknown variable '${shown}'{(NearestWord.Find(name, LogVariables.Names) is { } nearest ? $"; did you mean '${nearest}'?" : "")}";
        return false;
    }
}
