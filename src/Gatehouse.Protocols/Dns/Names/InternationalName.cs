using System.Globalization;

namespace Gatehouse.Protocols.Dns.Names;

/// <summary>Names with characters beyond ASCII: U-labels to A-labels and back (RFC 5890 section 2.3.2.1), by way of small letters.</summary>
public static class InternationalName
{
    private static readonly IdnMapping Mapping = new() { AllowUnassigned = true, UseStd3AsciiRules = false };

    /// <summary>Converts the labels beyond ASCII; the other ones, and a final dot, stay.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static string? ToAscii(ReadOnlySpan<char> text, out string ascii)
    {
        ascii = "";
        // IDEOGRAPHIC FULL STOP and its kin part labels as well (RFC 5895 section 2).
        var unicode = text.ToString().Replace('\u3002', '.').Replace('\uFF0E', '.').Replace('\uFF61', '.').ToLowerInvariant();
        var labels = unicode.Split('.');
        try
        {
            for (var i = 0; i < labels.Length; i++)
            {
                if (!System.Text.Ascii.IsValid(labels[i]))
                    labels[i] = Mapping.GetAscii(labels[i]);
            }
        }
        catch (ArgumentException exception)
        {
            return $"expected an international name (RFC 5891), found '{text}': {exception.Message}";
        }
        ascii = string.Join('.', labels);
        return null;
    }

    /// <summary>Converts the A-labels and drops a final dot; a label that is not a true A-label stays as it is.</summary>
    public static string ToUnicode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bare = text.Length > 1 && text.EndsWith('.') && !text.EndsWith("\\.", StringComparison.Ordinal) ? text[..^1] : text;
        if (!bare.Contains("xn--", StringComparison.OrdinalIgnoreCase))
            return bare;
        var labels = bare.Split('.');
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i].StartsWith("xn--", StringComparison.OrdinalIgnoreCase))
                labels[i] = Label(labels[i]);
        }
        return string.Join('.', labels);
    }

    private static string Label(string label)
    {
        try
        {
            return Mapping.GetUnicode(label);
        }
        catch (ArgumentException)
        {
            return label;
        }
    }
}
