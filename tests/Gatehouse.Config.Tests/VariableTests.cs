using Gatehouse.Config.Writing;

namespace Gatehouse.Config.Tests;

public sealed class VariableTests
{
    [Theory]
    [InlineData("${NAME}", "value")]
    [InlineData("a${NAME}b${NAME}c", "avaluebvaluec")]
    [InlineData("${UNSET:8080}", "8080")]
    [InlineData("${UNSET:127.0.0.1:9001}", "127.0.0.1:9001")]
    [InlineData("${UNSET:}", "")]
    [InlineData("${EMPTY:default}", "default")]
    [InlineData("${EMPTY}", "")]
    [InlineData("${NAME:default}", "value")]
    [InlineData("$${NAME}", "${NAME}")]
    [InlineData("$$${NAME}", "$${NAME}")]
    [InlineData("${NAME}$${NAME}", "value${NAME}")]
    [InlineData("cost: $5 and $NAME", "cost: $5 and $NAME")]
    [InlineData("${YAML}", "{a: [1, 2]}\nb: 3")]
    public void Is_replaced(string text, string expected) =>
        Assert.Equal(expected, Body($"sites: [{{routes: [{{respond: '{text}'}}]}}]", ("NAME", "value"), ("EMPTY", ""), ("YAML", "{a: [1, 2]}\nb: 3")));

    [Theory]
    [InlineData("${UNSET}", "the environment variable UNSET is not set, expected it to be, or a default: ${UNSET:default}")]
    [InlineData("${NAME", "found '${NAME' without its closing brace, expected ${NAME}, ${NAME:default} or ${file:PATH}, or $${ for the text itself")]
    [InlineData("${}", "found '${}', expected ${NAME}, ${NAME:default} or ${file:PATH} without another ${ inside")]
    [InlineData("${1A}", "found '${1A}', expected ${NAME}, ${NAME:default} or ${file:PATH} without another ${ inside")]
    [InlineData("${a b}", "found '${a b}', expected ${NAME}, ${NAME:default} or ${file:PATH} without another ${ inside")]
    [InlineData("${UNSET:${NAME}}", "found '${UNSET:${NAME}', expected ${NAME}, ${NAME:default} or ${file:PATH} without another ${ inside")]
    [InlineData("${file:/nonexistent/x}", "the file '/nonexistent/x' of ${file:PATH} cannot be read: Could not find a part of the path '/nonexistent/x'.")]
    public void Is_refused_with_a_reason(string text, string fault) =>
        Assert.Equal([$"1:10: {fault}"], Fakes.FaultsOf($"version: '{text}'", ("NAME", "value")));

    [Theory]
    [InlineData("version: \"${ONE:1}\"")]
    [InlineData("version: ${ONE:1}")]
    [InlineData("shutdown: \"${UNSET:5}s\"")]
    [InlineData("sites: [{compress: \"${UNSET:off}\"}]")]
    public void A_quoted_scalar_maps_to_what_is_wanted(string yaml) => Assert.Empty(Fakes.FaultsOf(yaml));

    [Fact]
    public void A_number_that_does_not_fit_is_shown_with_the_value_of_its_variable() =>
        Assert.Equal(["1:10: version: found '7', expected 1"], Fakes.FaultsOf("version: ${V}", ("V", "7")));

    [Fact]
    public void Keys_are_not_replaced() =>
        Assert.StartsWith("1:1: found the unknown key '${NAME}', expected one of version, ", Assert.Single(Fakes.FaultsOf("${NAME}: 1", ("NAME", "version"))));

    [Fact]
    public void A_secret_file_is_read_from_the_folder_of_the_configuration_and_never_shown()
    {
        using var folder = new TemporaryFolder();
        folder.Write("secret", "hunter2\n");
        var good = Fakes.Loader().Load(folder.Write("good.yaml", "sites: [{routes: [{respond: '${file:secret}'}]}]"));
        var config = Assert.IsType<Fakes.RespondConfig>(good.Config!.Sites[0].Routes[0].Handler.Config);
        Assert.Equal("hunter2", config.Body);
        Assert.Equal(["hunter2"], good.Secrets);
        var printed = EffectivePrinter.Print(good.Config, good.Secrets);
        Assert.DoesNotContain("hunter2", printed);
        Assert.Contains("body: '***'", printed);

        var path = folder.Write("bad.yaml", "version: '${file:secret}'\nreactors: 'x${file:secret}'\nstate: ['${file:secret}']\nlimits: '${file:secret}'");
        Assert.Equal(
            [
                $"{path}:1:10: version: found a value that is not shown, expected 1",
                $"{path}:2:11: reactors: found a value that is not shown, expected auto or a whole number from 1",
                $"{path}:3:8: state: found a list, expected a path",
                $"{path}:4:9: limits: found a value that is not shown, expected a mapping with the keys connections, head, target, fields, trailers",
            ],
            Fakes.Loader().Load(path).Faults.Select(fault => fault.ToString()));
    }

    [Fact]
    public void A_secret_file_is_bounded_and_text()
    {
        using var folder = new TemporaryFolder();
        folder.Write("large", new byte[65 * 1024]);
        folder.Write("binary", [0xC3]);
        var path = folder.Write("gate.yaml", "state: '${file:large}'\nversion: '${file:binary}'");
        Assert.Equal(
            [$"{path}:1:8: the file 'large' of ${{file:PATH}} has more than 64 KB", $"{path}:2:10: the file 'binary' of ${{file:PATH}} is not UTF-8 text"],
            Fakes.Loader().Load(path).Faults.Select(fault => fault.ToString()));
    }

    private static string Body(string yaml, params (string, string)[] environment) =>
        Assert.IsType<Fakes.RespondConfig>(Fakes.Read(yaml, environment).Sites[0].Routes[0].Handler.Config).Body;
}
