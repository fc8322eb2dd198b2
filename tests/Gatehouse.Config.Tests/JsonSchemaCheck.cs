using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gatehouse.Config.Tests;

/// <summary>As much of JSON Schema 2020-12 as the schema writer uses, to try documents against what it writes.</summary>
internal static class JsonSchemaCheck
{
    private static readonly HashSet<string> Known =
    [
        "$schema", "title", "$ref", "$defs", "description", "default", "type", "enum", "pattern", "minimum", "maximum", "anyOf", "oneOf", "items",
        "properties", "additionalProperties", "required",
    ];

    public static string? Fault(JsonNode root, JsonNode? value) => Fault(root, root, value, "$");

    /// <summary>A YAML text as an editor's YAML plug-in hands it to a schema.</summary>
    public static JsonNode? FromYaml(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Convert(stream.Documents[0].RootNode);
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Convert(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" } => null,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } scalar => scalar.Value == "true",
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when double.TryParse(scalar.Value, CultureInfo.InvariantCulture, out var number) => number,
        _ => ((YamlScalarNode)node).Value,
    };

    private static string? Fault(JsonNode root, JsonNode schemaNode, JsonNode? value, string path)
    {
        if (schemaNode is JsonValue literal)
            return literal.GetValue<bool>() ? null : $"{path} is not allowed";
        var schema = schemaNode.AsObject();
        foreach (var (keyword, argument) in schema)
        {
            Assert.Contains(keyword, Known);
            var fault = keyword switch
            {
                "$ref" => Fault(root, root["$defs"]![((string)argument!)["#/$defs/".Length..]]!, value, path),
                "type" => Types(argument!).Any(type => IsType(value, type)) ? null : $"{path} is no {argument}",
                "enum" => argument!.AsArray().Any(one => JsonNode.DeepEquals(one, value)) ? null : $"{path} is none of {argument}",
                "pattern" => !IsType(value, "string") || Regex.IsMatch((string)value!, (string)argument!) ? null : $"{path} does not match {argument}",
                "minimum" => !IsType(value, "number") || (double)value! >= (double)argument! ? null : $"{path} is below {argument}",
                "maximum" => !IsType(value, "number") || (double)value! <= (double)argument! ? null : $"{path} is over {argument}",
                "anyOf" => Fits(root, argument!, value, path) > 0 ? null : $"{path} fits none of {argument}",
                "oneOf" => Fits(root, argument!, value, path) == 1 ? null : $"{path} does not fit just one of {argument}",
                "items" => First((value as JsonArray)?.Select((item, i) => Fault(root, argument!, item, $"{path}[{i}]"))),
                "properties" => First(
                    Members(value, key => argument![key] is not null).Select(pair => Fault(root, argument![pair.Key]!, pair.Value, $"{path}.{pair.Key}"))),
                "additionalProperties" => First(
                    Members(value, key => schema["properties"]?[key] is null).Select(pair => Fault(root, argument!, pair.Value, $"{path}.{pair.Key}"))),
                "required" => First(
                    argument!.AsArray().Select(key => value is JsonObject owner && !owner.ContainsKey((string)key!) ? $"{path} has no {key}" : null)),
                _ => null,
            };
            if (fault is not null)
                return fault;
        }
        return null;
    }

    private static IEnumerable<string> Types(JsonNode argument) => argument is JsonArray several ? several.Select(one => (string)one!) : [(string)argument!];

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonNode? value, Predicate<string> where) =>
        value is JsonObject owner ? owner.Where(pair => where(pair.Key)) : [];

    private static string? First(IEnumerable<string?>? faults) => faults?.FirstOrDefault(fault => fault is not null);

    private static int Fits(JsonNode root, JsonNode choices, JsonNode? value, string path) =>
        choices.AsArray().Count(choice => Fault(root, choice!, value, path) is null);

    private static bool IsType(JsonNode? value, string type) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => type == "null",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && (double)value == Math.Floor((double)value)),
        _ => type == "boolean",
    };
}
