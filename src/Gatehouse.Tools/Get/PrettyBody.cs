using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gatehouse.Tools.Get;

/// <summary>JSON, indented and coloured for a terminal.</summary>
internal static class PrettyBody
{
    private const string Key = "\x1b[34m";
    private const string Text = "\x1b[32m";
    private const string Number = "\x1b[36m";
    private const string Word = "\x1b[35m";
    private const string Plain = "\x1b[0m";

    /// <summary>The formatted body; null when it is not JSON.</summary>
    public static byte[]? TryFormat(ReadOnlyMemory<byte> body, string? contentType)
    {
        if (contentType is null || !contentType.Contains("json", StringComparison.OrdinalIgnoreCase))
            return null;
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
            var output = new StringBuilder();
            Write(output, document.RootElement, 0);
            return Encoding.UTF8.GetBytes(output.Append('\n').ToString());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Write(StringBuilder output, JsonElement element, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMembers(output, '{', '}', depth, element.EnumerateObject().Select(member => (Action)(() =>
                {
                    output.Append($"{Key}{Quoted(member.Name)}{Plain}: ");
                    Write(output, member.Value, depth + 1);
                })));
                break;
            case JsonValueKind.Array:
                WriteMembers(output, '[', ']', depth, element.EnumerateArray().Select(member => (Action)(() => Write(output, member, depth + 1))));
                break;
            case JsonValueKind.String:
                output.Append($"{Text}{Quoted(element.GetString()!)}{Plain}");
                break;
            case JsonValueKind.Number:
                output.Append($"{Number}{element.GetRawText()}{Plain}");
                break;
            default:
                output.Append($"{Word}{element.GetRawText()}{Plain}");
                break;
        }
    }

    private static void WriteMembers(StringBuilder output, char open, char close, int depth, IEnumerable<Action> members)
    {
        output.Append(open);
        var count = 0;
        foreach (var write in members)
        {
            output.Append(count++ == 0 ? "\n" : ",\n").Append(' ', (depth + 1) * 4);
            write();
        }
        if (count > 0)
            output.Append('\n').Append(' ', depth * 4);
        output.Append(close);
    }

    // Control characters stay escaped: a body must not steer the terminal.
    private static string Quoted(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
