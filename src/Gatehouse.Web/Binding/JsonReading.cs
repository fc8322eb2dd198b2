using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gatehouse.Web;

/// <summary>Reads values from the JSON of a body, and says of each field what is wrong with it.</summary>
internal static class JsonReading
{
    /// <summary>Reads the body; faults are noted with the call.</summary>
    public static T Read<T>(Call call)
    {
        var options = call.App.Json;
        try
        {
            var value = JsonSerializer.Deserialize(call.Json.Span, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
            if (value is null)
                call.Fault("", "the body must not be null");
            return value!;
        }
        catch (JsonException exception)
        {
            Explain(call, typeof(T), options, exception);
            return default!;
        }
    }

    // The serializer stops at the first fault; a client wants them all, so each property is read by itself.
    private static void Explain(Call call, Type type, JsonSerializerOptions options, JsonException first)
    {
        try
        {
            using var document = JsonDocument.Parse(call.Json, new JsonDocumentOptions { MaxDepth = options.MaxDepth });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in options.GetTypeInfo(type).Properties)
                    Explain(call, property, document.RootElement, options);
            }
        }
        catch (JsonException)
        {
            call.Fault("", $"the body is no JSON: line {first.LineNumber + 1}, byte {first.BytePositionInLine}");
            return;
        }
        if (!call.HasFaults)
            call.Fault(FieldOf(first.Path), Words(first));
    }

    private static void Explain(Call call, JsonPropertyInfo property, JsonElement body, JsonSerializerOptions options)
    {
        var element = default(JsonElement);
        var found = body.TryGetProperty(property.Name, out element)
            || body.EnumerateObject().Any(each => each.Name.Equals(property.Name, StringComparison.OrdinalIgnoreCase) && (element = each.Value).ValueKind != JsonValueKind.Undefined);
        if (!found)
        {
            if (property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false })
                Faults.Missing(call, property.Name, "the body");
            return;
        }
        if (element.ValueKind == JsonValueKind.Null && !property.IsSetNullable && property.PropertyType.IsClass)
        {
            call.Fault(property.Name, "must not be null");
            return;
        }
        try
        {
            element.Deserialize(property.PropertyType, options);
        }
        catch (JsonException exception)
        {
            var below = FieldOf(exception.Path);
            call.Fault(below is [] or ['[', ..] ? property.Name + below : $"{property.Name}.{below}", Words(exception, element));
        }
    }

    private static string FieldOf(string? path) => path is null or "$" ? "" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path.TrimStart('$');

    private static string Words(JsonException exception, JsonElement found = default)
    {
        if (found.ValueKind is JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Array)
            return "expected another type of value";
        var text = found.GetRawText();
        _ = exception;
        return $"expected another type of value; found {(text.Length > 40 ? text[..40] + "…" : text)}";
    }
}
