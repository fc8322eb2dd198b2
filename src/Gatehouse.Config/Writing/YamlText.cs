using System.Globalization;
using System.Text;

namespace Gatehouse.Config.Writing;

/// <summary>Texts as YAML scalars.</summary>
internal static class YamlText
{
    private static readonly HashSet<string> Reserved = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

    private static readonly HashSet<string> Units = ["ms", "s", "m", "h", "d", "KB", "MB", "GB"];

    /// <summary>The text bare where every YAML reader takes it for text, else in double quotes; with <c>${</c> escaped as this configuration wants.</summary>
    public static string Quote(string text)
    {
        if (IsPlain(text))
            return text;
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text.Replace("${", "$${", StringComparison.Ordinal))
        {
            switch (c)
            {
                case '"' or '\\':
                    quoted.Append('\\').Append(c);
                    break;
                case '\n':
                    quoted.Append("\\n");
                    break;
                case '\r':
                    quoted.Append("\\r");
                    break;
                case '\t':
                    quoted.Append("\\t");
                    break;
                case < ' ' or (>= '\x7F' and <= '\xA0') or '\u2028' or '\u2029' or '\uFEFF' or >= '\uFFFE':
                    quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
                default:
                    quoted.Append(c);
                    break;
            }
        }
        return quoted.Append('"').ToString();
    }

    private static bool IsPlain(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '/' || IsQuantity(text))
        && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '+') && !Reserved.Contains(text.ToLowerInvariant());

    /// <summary>A size or a duration, which no YAML reader takes for a number.</summary>
    private static bool IsQuantity(string text) => char.IsAsciiDigit(text[0]) && Units.Contains(text.AsSpan().TrimStart("0123456789").ToString());
}
