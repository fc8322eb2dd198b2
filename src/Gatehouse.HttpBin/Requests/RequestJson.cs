using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gatehouse.HttpBin.Requests;

/// <summary>The parts of a request that an endpoint shows.</summary>
[Flags]
internal enum RequestParts
{
    None = 0,
    Args = 1,
    Headers = 2,
    Origin = 4,
    Url = 8,
    Method = 16,

    /// <summary>data, files, form.</summary>
    Body = 32,
    Json = 64,
}

/// <summary>Writes a request as JSON, the way the original does: keys sorted, values of a repeated name as a list.</summary>
internal static class RequestJson
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions OnOneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The request's parts, and <paramref name="extra"/> as a key that is true.</summary>
    public static byte[] Of(BinCall call, RequestParts parts, RequestBody? body = null, string? extra = null) => Document(writer =>
    {
        var members = new SortedDictionary<string, Action>(StringComparer.Ordinal);
        if (parts.HasFlag(RequestParts.Args))
            members["args"] = () => WritePairs(writer, call.Arguments);
        if (parts.HasFlag(RequestParts.Headers))
            members["headers"] = () => WriteFields(writer, call);
        if (parts.HasFlag(RequestParts.Origin))
            members["origin"] = () => writer.WriteStringValue(Origin(call));
        if (parts.HasFlag(RequestParts.Url))
            members["url"] = () => writer.WriteStringValue(RequestUrl.Of(call));
        if (parts.HasFlag(RequestParts.Method))
            members["method"] = () => writer.WriteStringValue(call.Method);
        if (extra is not null)
            members[extra] = () => writer.WriteBooleanValue(true);
        if (parts.HasFlag(RequestParts.Body))
        {
            members["data"] = () => writer.WriteStringValue(RequestBody.Text(body!.Data));
            members["form"] = () => WritePairs(writer, body!.Fields);
            members["files"] = () => WritePairs(writer, body!.Files);
        }
        if (parts.HasFlag(RequestParts.Json))
            members["json"] = () => WriteJson(writer, body!.Data);
        foreach (var (name, write) in members)
        {
            writer.WritePropertyName(name);
            write();
        }
    });

    /// <summary>A line of /stream: not indented, <paramref name="id"/> last.</summary>
    public static byte[] Line(BinCall call, int id) => Document(
        writer =>
        {
            writer.WriteString("url", RequestUrl.Of(call));
            writer.WritePropertyName("args");
            WritePairs(writer, call.Arguments);
            writer.WritePropertyName("headers");
            WriteFields(writer, call);
            writer.WriteString("origin", Origin(call));
            writer.WriteNumber("id", id);
        },
        OnOneLine);

    /// <summary>An object that <paramref name="write"/> fills, and the end of the line.</summary>
    public static byte[] Document(Action<Utf8JsonWriter> write) => Document(write, Readable);

    /// <summary>The client's address, or what a proxy says it is.</summary>
    public static string Origin(BinCall call)
    {
        var client = call.Exchange.Request.Client;
        return call.Header("X-Forwarded-For") ?? (client.IsUnix ? client.ToString() : client.Address.ToString());
    }

    /// <summary>The request's fields as an object.</summary>
    public static void WriteFields(Utf8JsonWriter writer, BinCall call)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in RequestFields.All(call.Exchange.Request, call.Arguments.Any(pair => pair.Key == "show_env")))
            writer.WriteString(name, value);
        writer.WriteEndObject();
    }

    /// <summary>Names and values as an object; the values of a name that comes more than once as a list.</summary>
    public static void WritePairs(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        writer.WriteStartObject();
        foreach (var group in pairs.GroupBy(pair => pair.Key, pair => pair.Value).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(group.Key);
            var values = group.ToList();
            if (values.Count > 1)
                writer.WriteStartArray();
            foreach (var value in values)
                writer.WriteStringValue(value);
            if (values.Count > 1)
                writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static byte[] Document(Action<Utf8JsonWriter> write, JsonWriterOptions options)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        output.Write("\n"u8);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteJson(Utf8JsonWriter writer, byte[] data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            document.WriteTo(writer);
        }
        catch (JsonException)
        {
            writer.WriteNullValue();
        }
    }
}
