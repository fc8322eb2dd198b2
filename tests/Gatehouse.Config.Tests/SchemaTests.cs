using System.Text.Json.Nodes;
using Gatehouse.Config.Writing;

namespace Gatehouse.Config.Tests;

public sealed class SchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(SchemaWriter.Write(Fakes.Catalog))!;

    [Fact]
    public void The_schema_is_the_recorded_one() => Vectors.AssertRecorded("schema.json", SchemaWriter.Write(Fakes.Catalog));

    [Fact]
    public void The_reference_is_the_recorded_one() => Vectors.AssertRecorded("reference.md", ReferenceWriter.Write(Fakes.Catalog));

    [Theory]
    [InlineData("edge.yaml")]
    [InlineData("balance.yaml")]
    [InlineData("cache.yaml")]
    [InlineData("dns.yaml")]
    [InlineData("gateways.yaml")]
    [InlineData("streams.yaml")]
    [InlineData("tls.yaml")]
    public void The_contract_files_fit_it(string file) =>
        Assert.Null(JsonSchemaCheck.Fault(Schema, JsonSchemaCheck.FromYaml(File.ReadAllText(Path.Combine(Vectors.Folder, "contract", file)))));

    [Theory]
    [InlineData("lisen: ':80'")]
    [InlineData("version: 2")]
    [InlineData("sites: [{routes: [{match: /x}]}]")]
    [InlineData("sites: [{routes: [{files: ., respond: a}]}]")]
    [InlineData("sites: [{routes: [{files: {}}]}]")]
    [InlineData("shutdown: 30x")]
    [InlineData("limits: 5")]
    [InlineData("sites: [{tls: perhaps}]")]
    [InlineData("sites: [{routes: [{match: nowhere, respond: a}]}]")]
    [InlineData("sites: [{routes: [{proxy: {to: [], balance: bogus}}]}]")]
    public void What_the_loader_refuses_in_shape_does_not_fit_it(string yaml)
    {
        Assert.NotEmpty(Fakes.FaultsOf(yaml));
        Assert.NotNull(JsonSchemaCheck.Fault(Schema, JsonSchemaCheck.FromYaml(yaml)));
    }
}
