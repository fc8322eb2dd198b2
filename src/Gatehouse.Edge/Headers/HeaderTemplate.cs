using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Headers;

/// <summary>
/// The value of a field that a rule sets: a text in which <c>$client</c>, <c>$host</c>, <c>$path</c> and the others of <see cref="HeaderVariable"/> stand for
/// what the request has; <c>$$</c> is a dollar sign.
/// </summary>
public sealed class HeaderTemplate : ISettingValue<HeaderTemplate>, IEquatable<HeaderTemplate>
{
    private readonly string _text;
    private readonly Part[] _parts;

    private HeaderTemplate(string text, Part[] parts)
    {
        _text = text;
        _parts = parts;
    }

    /// <inheritdoc/>
    public static string Expected => $"a text, in which ${string.Join(", $", HeaderVariables.Names)} stand for what the request has, and $$ for a dollar sign";

    /// <summary>True when the value is the same for every request.</summary>
    public bool IsConstant => _parts is [] or [{ Variable: null }];

    /// <summary>The value when <see cref="IsConstant"/>.</summary>
    public ReadOnlySpan<byte> Constant => _parts is [{ Variable: null } part] ? part.Literal : default;

    /// <summary>Reads a template; an unknown variable and a character that cannot stand in a field value are faults.</summary>
    public static bool TryParse(string text, [MaybeNullWhen(false)] out HeaderTemplate value, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = null;
        fault = null;
        // field-value = *field-content; field-vchar = VCHAR / obs-text, with SP and HTAB between (RFC 9110 section 5.5): no other control.
        foreach (var character in text)
        {
            if (!char.IsControl(character) || character == '\t')
                continue;
            fault = $"found the control character U+{(int)character:X4}, expected a text that can stand in a header field";
            return false;
        }
        // *( text / "$$" / "$" name / "${" name "}" ), name = lower *( lower / DIGIT / "-" ( lower / DIGIT ) ): in $host-$scheme the hyphen is text.
        var parts = new List<Part>();
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '$')
            {
                literal.Append(text[at]);
                continue;
            }
            if (at + 1 < text.Length && text[at + 1] == '$')
            {
                literal.Append('$');
                at++;
                continue;
            }
            var name = NameAt(text, at + 1, out var end);
            if (HeaderVariables.Find(name) is not { } variable)
            {
                fault = NearestWord.Find(name, HeaderVariables.Names) is { } nearest
                    ? $"found the unknown variable '${name}'; did you mean '${nearest}'?"
                    : $"found the unknown variable '${name}', expected one of ${string.Join(", $", HeaderVariables.Names)}, or $$ for a dollar sign";
                return false;
            }
            Flush();
            parts.Add(new Part([], variable));
            at = end - 1;
        }
        Flush();
        value = new HeaderTemplate(text, [.. parts]);
        return true;

        void Flush()
        {
            if (literal.Length > 0)
                parts.Add(new Part(Encoding.UTF8.GetBytes(literal.ToString()), null));
            literal.Clear();
        }
    }

    /// <summary>Writes the value for <paramref name="exchange"/>; false when it does not fit.</summary>
    public bool TryWrite(Exchange exchange, Span<byte> destination, out int written)
    {
        written = 0;
        foreach (var part in _parts)
        {
            int count;
            if (part.Variable is { } variable)
            {
                if (!HeaderVariables.TryWrite(variable, exchange, destination[written..], out count))
                    return false;
            }
            else
            {
                if (!part.Literal.AsSpan().TryCopyTo(destination[written..]))
                    return false;
                count = part.Literal.Length;
            }
            written += count;
        }
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(HeaderTemplate? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HeaderTemplate);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The template as written.</summary>
    public override string ToString() => _text;

    // The name behind a dollar sign, in braces or bare; end is behind it.
    private static string NameAt(string text, int start, out int end)
    {
        if (start < text.Length && text[start] == '{' && text.IndexOf('}', start) is var close and > 0)
        {
            end = close + 1;
            return text[(start + 1)..close];
        }
        end = start;
        while (end < text.Length && (IsOfName(text[end]) || (text[end] == '-' && end > start && end + 1 < text.Length && IsOfName(text[end + 1]))))
            end++;
        return text[start..end];
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);

    private readonly record struct Part(byte[] Literal, HeaderVariable? Variable);
}
