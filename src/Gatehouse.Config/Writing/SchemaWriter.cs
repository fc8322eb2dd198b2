using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Config.Types;

namespace Gatehouse.Config.Writing;

/// <summary>
/// Writes the JSON Schema (2020-12) of a configuration from the declarations of its settings, for editors. It takes whatever the loader takes in shape;
/// what it cannot say (which texts are an address) the loader checks.
/// </summary>
public sealed class SchemaWriter
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ConfigCatalog _catalog;
    private readonly Dictionary<Type, string> _names = [];
    private readonly JsonObject _definitions = new() { ["variable"] = new JsonObject { ["type"] = "string", ["pattern"] = @"\$\{" } };

    private SchemaWriter(ConfigCatalog catalog) => _catalog = catalog;

    /// <summary>The schema of configurations with the keys of <paramref name="catalog"/>, ending in a line end. The same catalog gives the same text.</summary>
    public static string Write(ConfigCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var writer = new SchemaWriter(catalog);
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Gatehouse configuration",
            ["$ref"] = writer.Reference((RecordType)SettingType.Of(typeof(ServerConfig)))["$ref"]!.DeepClone(),
            ["$defs"] = writer._definitions,
        };
        return root.ToJsonString(Indented) + "\n";
    }

    private JsonObject Schema(SettingType type, Setting? setting) => type switch
    {
        ScalarType scalar => Scalar(scalar, setting),
        ListType list => List(list, setting),
        MapType map => new JsonObject { ["type"] = new JsonArray("object", "null"), ["additionalProperties"] = Schema(map.Value, setting) },
        _ => Reference((RecordType)type),
    };

    private static JsonObject Scalar(ScalarType type, Setting? setting)
    {
        var words = setting?.Words ?? type.Words;
        var schema = new JsonObject();
        if (words is not null && type.Json != JsonKind.Boolean)
            schema["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word), .. words.Where(IsNumber).Select(word => JsonNode.Parse(word))]);
        else
            schema["type"] = type.Json switch
            {
                JsonKind.Boolean => "boolean",
                JsonKind.Integer => "integer",
                JsonKind.Number => "number",
                // YAML writes many a text without quotes that JSON takes for a number or a boolean: body: 404.
                _ => new JsonArray("string", "number", "boolean"),
            };
        if (type.Json is JsonKind.Integer or JsonKind.Number && setting?.Bounds is { } bounds)
        {
            schema["minimum"] = JsonNode.Parse(type.Write(bounds.Min));
            schema["maximum"] = JsonNode.Parse(type.Write(bounds.Max));
        }
        if (type.Pattern is not null)
            schema["pattern"] = type.Pattern;
        if (type.Json == JsonKind.Text && words is null && type.Pattern is null)
            return schema;
        var choices = new JsonArray(schema, new JsonObject { ["$ref"] = "#/$defs/variable" });
        if (type.Json == JsonKind.Boolean)
            choices.Insert(1, new JsonObject { ["enum"] = new JsonArray([.. words!.Select(word => (JsonNode)word)]) });
        return new JsonObject { ["anyOf"] = choices };
    }

    /// <summary>YAML takes such a word for a number when it stands without quotes.</summary>
    private static bool IsNumber(string word) => word.All(char.IsAsciiDigit) && word[0] != '0';

    private JsonObject List(ListType type, Setting? setting) => new()
    {
        ["anyOf"] = new JsonArray(
            Schema(type.Item, setting),
            new JsonObject { ["type"] = "array", ["items"] = Schema(type.Item, setting) },
            new JsonObject { ["type"] = "null" }),
    };

    private JsonObject Reference(RecordType type)
    {
        if (!_names.TryGetValue(type.ClrType, out var name))
        {
            name = NameOf(type.ClrType);
            _names.Add(type.ClrType, name);
            // Entered before it is made, since a record may hold itself.
            var definition = new JsonObject();
            _definitions[name] = definition;
            Define(definition, type);
        }
        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }

    private void Define(JsonObject definition, RecordType type)
    {
        var target = definition;
        if (type.Shorthand is { } shorthand)
        {
            target = [];
            definition["oneOf"] = new JsonArray(target, Schema(shorthand.Type, shorthand));
        }
        target["type"] = "object";
        var properties = new JsonObject();
        foreach (var setting in type.Settings)
            properties[setting.Key] = Property(setting);
        foreach (var key in _catalog.KeysOf(type))
            properties[key.Key] = Described(Schema(key.Type, null), key.Summary);
        target["properties"] = properties;
        target["additionalProperties"] = false;
        if (type.Settings.Where(setting => setting.IsRequired).Select(setting => (JsonNode)setting.Key).ToArray() is { Length: > 0 } required)
            target["required"] = new JsonArray(required);
        if (type.Open.Any(slot => slot.Kind == OpenKind.Handler))
            target["oneOf"] = new JsonArray([.. _catalog.KeysOf(OpenKind.Handler).Select(key => new JsonObject { ["required"] = new JsonArray(key.Key) })]);
    }

    private JsonObject Property(Setting setting)
    {
        var schema = Described(Schema(setting.Type, setting), setting.Description);
        if (setting is { Default: { } value, Type: ScalarType scalar, IsSecret: false })
            schema["default"] = scalar.Json switch
            {
                JsonKind.Text => scalar.Write(value),
                JsonKind.Boolean => (bool)value,
                _ => JsonNode.Parse(scalar.Write(value)),
            };
        return schema;
    }

    private static JsonObject Described(JsonObject schema, string description)
    {
        schema.Insert(0, "description", description);
        return schema;
    }

    private string NameOf(Type type)
    {
        var name = KebabCase.Of(type.Name.EndsWith("Config", StringComparison.Ordinal) ? type.Name[..^6] : type.Name);
        return _definitions.ContainsKey(name) ? $"{KebabCase.Of(type.Namespace?.Split('.')[^1] ?? "other")}-{name}" : name;
    }
}
