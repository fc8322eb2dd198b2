using System.Text;

namespace Gatehouse.Testing.Http1Cases;

/// <summary>The plainest reading of a request's framing there is: exact names, exact values.</summary>
public static class PlainReading
{
    /// <summary>The framing of a head by at most one exact Content-Length or Transfer-Encoding; null when there is more, or another value.</summary>
    public static string? FramingOf(ReadOnlySpan<byte> head)
    {
        var lines = Encoding.Latin1.GetString(head[..^4]).Split("\r\n")[1..];
        if (lines.Any(line => line.Any(c => c is < ' ' and not '\t') || !line.Contains(':', StringComparison.Ordinal)))
            return null;
        var framing = lines.Select(line => line.Split(':', 2)).Where(field => field[0].ToUpperInvariant() is "CONTENT-LENGTH" or "TRANSFER-ENCODING").ToList();
        if (framing.Count == 0)
            return "no body";
        var value = framing[0][1].Trim(' ', '\t');
        if (framing.Count > 1)
            return null;
        if (framing[0][0].Length == "Content-Length".Length)
            return value.Length > 0 && value.All(char.IsAsciiDigit) ? long.Parse(value, null) is var length and > 0 ? $"body of {length}" : "no body" : null;
        return value.Equals("chunked", StringComparison.OrdinalIgnoreCase) ? "chunked" : null;
    }
}
