using System.Globalization;
using System.Text;

namespace Gatehouse.Testing;

/// <summary>Reads a response from a raw connection with code that shares nothing with the codec under test.</summary>
internal static class RawResponseReader
{
    public static RawResponse Read(RawClient client, bool toHead)
    {
        var statusLine = ReadLine(client);
        var parts = statusLine.Split(' ', 3);
        if (parts.Length < 2 || !parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || !TryParse(parts[1], NumberStyles.None, out var status))
            throw new FormatException($"A status line expected; found \"{statusLine}\".");
        var fields = ReadFields(client);
        var response = new RawResponse(status, parts.Length == 3 ? parts[2] : "", parts[0], fields, [], []);
        if (toHead || status is (>= 100 and < 200) or 204 or 304) return response;
        if (response["Transfer-Encoding"] is { } coding)
        {
            return coding.EndsWith("chunked", StringComparison.OrdinalIgnoreCase)
                ? ReadChunked(client, response)
                : throw new FormatException($"Transfer-Encoding that ends in chunked expected; found \"{coding}\".");
        }
        if (response["Content-Length"] is not { } length) return response with { Body = client.ReadToEnd() };
        return TryParse(length, NumberStyles.None, out var count)
            ? response with { Body = client.Read(count) }
            : throw new FormatException($"One Content-Length expected; found \"{length}\".");
    }

    private static RawResponse ReadChunked(RawClient client, RawResponse head)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var line = ReadLine(client);
            if (!TryParse(line.Split(';')[0], NumberStyles.AllowHexSpecifier, out var size))
                throw new FormatException($"A chunk size expected; found \"{line}\".");
            if (size == 0) return head with { Body = body.ToArray(), Trailers = ReadFields(client) };
            body.Write(client.Read(size));
            if (ReadLine(client) is { Length: > 0 } excess) throw new FormatException($"The end of a chunk of {size} bytes expected; found \"{excess}\".");
        }
    }

    private static List<KeyValuePair<string, string>> ReadFields(RawClient client)
    {
        var fields = new List<KeyValuePair<string, string>>();
        while (ReadLine(client) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) throw new FormatException($"A field line expected; found \"{line}\".");
            fields.Add(new(line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }
        return fields;
    }

    private static bool TryParse(string text, NumberStyles style, out int number) => int.TryParse(text, style, CultureInfo.InvariantCulture, out number);

    private static string ReadLine(RawClient client)
    {
        var line = Encoding.Latin1.GetString(client.ReadThrough("\n"u8));
        return line.EndsWith("\r\n", StringComparison.Ordinal)
            ? line[..^2]
            : throw new FormatException($"A line that ends in CR LF expected; found \"{line}\".");
    }
}
