using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Cli.Tests;

public sealed class SchemaTests
{
    [Fact]
    public void The_schema_is_json_and_knows_every_feature()
    {
        using var folder = new TempFolder();
        var result = TheProgram.Run(folder, "schema").Expect(0);
        Assert.Equal("", result.Error);
        using var schema = JsonDocument.Parse(result.Output);
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema.RootElement.GetProperty("$schema").GetString());
        foreach (var key in new[] { "listen", "sites", "routes", "respond", "redirect", "files", "proxy", "buffer-disk" })
            Assert.Contains($"\"{key}\": {{", result.Output, StringComparison.Ordinal);
        foreach (var reference in References(schema.RootElement))
            Assert.True(schema.RootElement.GetProperty("$defs").TryGetProperty(reference.Replace("#/$defs/", "", StringComparison.Ordinal), out _), reference);
    }

    [Fact]
    public void The_reference_page_is_what_the_declarations_say()
    {
        using var folder = new TempFolder();
        var page = TheProgram.Run(folder, "schema", "--markdown").Expect(0).Output;
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "docs/reference/configuration.md")), page);
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(
            property => property.Name == "$ref" && property.Value.ValueKind == JsonValueKind.String ? [property.Value.GetString()!] : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
