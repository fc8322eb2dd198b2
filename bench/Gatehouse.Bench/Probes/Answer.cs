using System.Globalization;

namespace Gatehouse.Bench.Probes;

/// <summary>One HTTP/1.1 answer as it came: status, header lines, body, and how many bytes it took on the wire.</summary>
internal sealed record Answer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body, int WireLength)
{
    /// <summary>The value of the only header of that name; null when there is none or more than one.</summary>
    public string? Header(string name)
    {
        var values = Headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToArray();
        return values.Length == 1 ? values[0] : null;
    }

    /// <summary>The status line and the header lines of a head, without its last empty line.</summary>
    /// <exception cref="RowFailedException">It is not the head of an HTTP/1.1 answer.</exception>
    public static (int Status, List<KeyValuePair<string, string>> Headers) ParseHead(string head)
    {
        var lines = head.Split("\r\n");
        if (!lines[0].StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
            || !int.TryParse(lines[0].AsSpan(9, Math.Min(3, lines[0].Length - 9)), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw new RowFailedException($"expected a status line of HTTP/1.1, got '{lines[0]}'");

        var headers = new List<KeyValuePair<string, string>>();
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1) throw new RowFailedException($"expected a header line, got '{line}'");
            headers.Add(new(line[..colon], line[(colon + 1)..].Trim()));
        }

        return (status, headers);
    }
}
