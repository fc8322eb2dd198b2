using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>Writes values as JSON into answers, with one writer for each thread.</summary>
internal static class JsonWriting
{
    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static void Write<T>(Call call, T value)
    {
        var type = (JsonTypeInfo<T>)call.App.Json.GetTypeInfo(typeof(T));
        Write(call, value, type);
    }

    public static void Write<T>(Call call, T value, JsonTypeInfo<T> type)
    {
        var response = call.Response;
        if (!response.Headers.Contains(KnownHeader.ContentType))
            response.Headers.Add(KnownHeader.ContentType, "application/json; charset=utf-8"u8);
        // The writer is taken away while it writes: a getter of the value may serialise something itself.
        var writer = _writer ?? new Utf8JsonWriter(response.Body, new JsonWriterOptions { SkipValidation = true, Encoder = call.App.Json.Encoder });
        _writer = null;
        writer.Reset(response.Body);
        JsonSerializer.Serialize(writer, value, type);
        writer.Flush();
        writer.Reset(Stream.Null);
        _writer = writer;
    }
}
