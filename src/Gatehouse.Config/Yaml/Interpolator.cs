using System.Text;

namespace Gatehouse.Config.Yaml;

/// <summary>
/// Replaces <c>${NAME}</c>, <c>${NAME:default}</c> and <c>${file:PATH}</c> inside a scalar; <c>$${</c> stands for <c>${</c>. What a variable holds is text and
/// never YAML. The default stands for a variable that is unset or empty, as with the shell's <c>:-</c>; it ends at the first }.
/// </summary>
/// <param name="environment">The value of an environment variable, or null.</param>
/// <param name="folder">What the relative paths of <c>${file:PATH}</c> start from.</param>
/// <param name="faults">Where faults go.</param>
internal sealed class Interpolator(Func<string, string?> environment, string folder, FaultList faults)
{
    private const string Forms = "${NAME}, ${NAME:default} or ${file:PATH}";

    /// <summary>The outcome: the text, and what is known about it.</summary>
    public readonly record struct Replaced(string Text, bool HasVariables, bool IsSecret, bool IsFaulty);

    public Replaced Replace(string text, SourceMark mark)
    {
        var open = text.IndexOf("${", StringComparison.Ordinal);
        if (open < 0)
            return new Replaced(text, false, false, false);
        var result = new StringBuilder();
        var (at, secret, faulty) = (0, false, false);
        for (; open >= 0; open = text.IndexOf("${", at, StringComparison.Ordinal))
        {
            if (open > at && text[open - 1] == '$')
            {
                result.Append(text, at, open - 1 - at).Append("${");
                at = open + 2;
                continue;
            }
            result.Append(text, at, open - at);
            var close = text.IndexOf('}', open);
            if (close < 0)
            {
                faults.Add(mark, $"found '{YamlScalar.Shown(text[open..])}' without its closing brace, expected {Forms}, or $${{ for the text itself");
                return new Replaced(text, true, secret, true);
            }
            var value = Value(text[(open + 2)..close], mark, ref secret);
            faulty |= value is null;
            result.Append(value);
            at = close + 1;
        }
        return new Replaced(result.Append(text, at, text.Length - at).ToString(), true, secret, faulty);
    }

    private string? Value(string body, SourceMark mark, ref bool secret)
    {
        var colon = body.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? body : body[..colon];
        if (!IsName(name) || body.Contains("${", StringComparison.Ordinal))
        {
            faults.Add(mark, $"found '${{{YamlScalar.Shown(body)}}}', expected {Forms} without another ${{ inside");
            return null;
        }
        if (name == "file" && colon >= 0)
        {
            secret = true;
            return FileText(body[(colon + 1)..], mark);
        }
        var value = environment(name);
        if (!string.IsNullOrEmpty(value))
            return value;
        if (colon >= 0)
            return body[(colon + 1)..];
        if (value is null)
            faults.Add(mark, $"the environment variable {name} is not set, expected it to be, or a default: ${{{name}:default}}");
        return value;
    }

    /// <summary>The text of a file, without the line end that editors put behind its last line.</summary>
    private string? FileText(string path, SourceMark mark)
    {
        try
        {
            var full = Path.GetFullPath(path, folder);
            using var stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var buffer = new byte[YamlLimits.SecretBytes + 1];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length <= YamlLimits.SecretBytes)
            {
                var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer, 0, length);
                return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
            }
            faults.Add(mark, $"the file '{YamlScalar.Shown(path)}' of ${{file:PATH}} has more than {YamlLimits.SecretBytes >> 10} KB");
        }
        catch (DecoderFallbackException)
        {
            faults.Add(mark, $"the file '{YamlScalar.Shown(path)}' of ${{file:PATH}} is not UTF-8 text");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            faults.Add(mark, $"the file '{YamlScalar.Shown(path)}' of ${{file:PATH}} cannot be read: {e.Message}");
        }
        return null;
    }

    private static bool IsName(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
