using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gatehouse.Testing.Http1Cases;

/// <summary>One recorded case of another project: its name (file name without extension), its JSON and helpers to read it.</summary>
public sealed partial record CorpusCase(string Name, JsonElement Json)
{
    /// <summary>All cases of a folder below the corpora, in the order of their names.</summary>
    public static IEnumerable<CorpusCase> In(string folder)
    {
        var files = Directory.GetFiles(Corpora.Folder(folder), "*.json").Where(file => !Path.GetFileName(file).StartsWith('_')).Order(StringComparer.Ordinal);
        foreach (var file in files)
            yield return new CorpusCase(Path.GetFileNameWithoutExtension(file), JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(file)));
    }

    /// <summary>The bytes of a property.</summary>
    public byte[] Base64(string property) => Json.GetProperty(property).GetBytesFromBase64();

    /// <summary>The text of a property, empty when there is none.</summary>
    public static string Text(JsonElement json, string property) => json.TryGetProperty(property, out var value) ? value.ToString() : "";

    /// <summary>The body of a message, empty when there is none.</summary>
    public static byte[] Body(JsonElement message) => message.TryGetProperty("body_base64", out var body) ? body.GetBytesFromBase64() : [];

    /// <summary>
    /// Pairs of name and value, escaped as <see cref="Escape(ReadOnlySpan{byte})"/> does, without the white space behind a value that some parsers keep and
    /// that is no part of it (RFC 9110 section 5.5).
    /// </summary>
    public static List<(string Name, string Value)> Pairs(JsonElement message, string property)
    {
        if (!message.TryGetProperty(property, out var pairs) || pairs.ValueKind != JsonValueKind.Array)
            return [];
        return [.. pairs.EnumerateArray().Select(pair => (Escape(pair[0].GetString()!), Escape(pair[1].GetString()!.TrimEnd(' ', '\t'))))];
    }

    /// <summary>
    /// Adds Host to each HTTP/1.1 request of a case that has none at all, so that not its absence but the rule that the case is about decides (most of these
    /// corpora are about parsers that do not ask for Host, RFC 9112 section 3.2 does).
    /// </summary>
    public static byte[] WithHost(byte[] wire)
    {
        var text = Encoding.Latin1.GetString(wire);
        return HostLine().IsMatch(text) ? wire : Encoding.Latin1.GetBytes(RequestLine().Replace(text, $"$0{AddedHost.Name}: {AddedHost.Value}\r\n"));
    }

    /// <summary>The field that <see cref="WithHost"/> adds.</summary>
    public static (string Name, string Value) AddedHost => ("Host", "added.example");

    /// <summary>A text of the JSON, whose characters stand for bytes, escaped.</summary>
    public static string Escape(string text) => Escape(Encoding.Latin1.GetBytes(text));

    /// <summary>Bytes with those that are not printable as \xHH.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
        {
            if (value is >= 0x20 and < 0x7F and not (byte)'\\')
                text.Append((char)value);
            else
                text.Append("\\x").Append(value.ToString("x2", null));
        }
        return text.ToString();
    }

    [GeneratedRegex(@"^host[ \t]*:", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex HostLine();

    [GeneratedRegex(@"[!-9;-~]+ [^\r\n ]+ HTTP/1\.1\r\n")]
    private static partial Regex RequestLine();
}
