using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Config.Tests;

public sealed class IncludeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lists_append_and_mappings_merge_in_the_order_of_names()
    {
        _folder.Write("sites/b.yaml", "sites: [{hosts: b.test}]\nlimits: {fields: 50}\nlisten: ':82'");
        _folder.Write("sites/a.yaml", "sites: [{hosts: a.test}]\nversion: 1\nlisten: [':81']\ntrust:");
        _folder.Write("sites/.hidden.yaml", "nonsense: 1");
        _folder.Write("sites/c.txt", "nonsense: 1");
        var path = _folder.Write(
            "gate.yaml", "version: 1\nlisten: ':80'\ninclude: sites/*.yaml\nlimits: {head: 4KB}\nsites: [{hosts: main.test}]\ntrust: 10.0.0.0/8");
        var result = Fakes.Loader().Load(path);
        Assert.Empty(result.Faults);
        var config = result.Config!;
        Assert.Equal(["main.test", "a.test", "b.test"], config.Sites.Select(site => site.Hosts[0].ToString()));
        Assert.Equal([":80", ":81", ":82"], config.Listen.Select(listen => listen.ToString()["[::]".Length..]));
        Assert.Equal((4096L, 50), (config.Limits.Head.Bytes, config.Limits.Fields));
        Assert.Equal([IpPrefix.Parse("10.0.0.0/8")], config.Trust);
        Assert.Empty(config.Include);
        Assert.Equal(["gate.yaml", "sites/a.yaml", "sites/b.yaml"], result.Files.Select(file => Path.GetRelativePath(_folder.Path, file)));
    }

    [Fact]
    public void Paths_of_an_included_file_start_at_the_configuration_and_its_includes_at_itself()
    {
        _folder.Write("sub/a.yaml", "include: b.yaml\nsites: [{routes: [{files: public}]}]");
        _folder.Write("sub/b.yaml", "state: there");
        var config = Fakes.Loader().Load(_folder.Write("gate.yaml", "include: [sub/a.yaml]")).Config!;
        Assert.Equal(Path.Combine(_folder.Path, "public"), Assert.IsType<Fakes.FilesConfig>(config.Sites[0].Routes[0].Handler.Config).Root.Value);
        Assert.Equal(Path.Combine(_folder.Path, "there"), config.State!.Value.Value);
    }

    [Fact]
    public void Faults_name_the_included_file_by_its_own_lines()
    {
        _folder.Write("a.yaml", "# a comment\nreactors: none");
        Assert.Equal(["a.yaml:2:11: reactors: found 'none', expected auto or a whole number from 1"], Faults("include: a.yaml"));
    }

    [Fact]
    public void Two_values_for_one_key_are_a_fault()
    {
        _folder.Write("a.yaml", "shutdown: 5s\nlimits: {fields: 50}\nadmin: [':1']");
        Assert.Equal(
            [
                "a.yaml:1:1: found 'shutdown' again in an included file, expected it in one place; the other is FOLDER/gate.yaml:2:1",
                "a.yaml:2:10: found 'fields' again in an included file, expected it in one place; the other is FOLDER/gate.yaml:3:10",
                "a.yaml:3:1: found 'admin' again in an included file, expected it in one place; the other is FOLDER/gate.yaml:4:1",
            ],
            Faults("include: a.yaml\nshutdown: 6s\nlimits: {fields: 51}\nadmin: {listen: ':2'}"));
    }

    [Fact]
    public void A_circle_ends()
    {
        _folder.Write("a.yaml", "include: b.yaml");
        _folder.Write("b.yaml", "include: a.yaml");
        const string Fault = "is included a second time or includes itself, expected each file once";
        Assert.Equal([$"b.yaml:1:10: the file 'FOLDER/a.yaml' {Fault}"], Faults("include: a.yaml"));
        Assert.Equal([$"gate.yaml:1:10: the file 'FOLDER/gate.yaml' {Fault}"], Faults("include: gate.yaml"));
    }

    [Fact]
    public void A_name_must_exist_and_a_pattern_need_not()
    {
        Assert.Equal(["gate.yaml:1:10: the file 'FOLDER/none.yaml' cannot be read: Could not find file 'FOLDER/none.yaml'."], Faults("include: none.yaml"));
        Assert.Empty(Faults("include: [none/*.yaml, '*.yml']"));
    }

    [Fact]
    public void What_is_not_a_name_is_refused() =>
        Assert.Equal(["gate.yaml:1:11: include: found a mapping, expected a file or a pattern like sites/*.yaml"], Faults("include: [{a: b}]"));

    [Fact]
    public void An_included_file_is_a_mapping()
    {
        _folder.Write("a.yaml", "- 1");
        Assert.Equal(["a.yaml:1:1: found a list, expected a mapping of keys to values"], Faults("include: a.yaml"));
    }

    [Fact]
    public void A_pattern_may_stand_in_any_segment_and_the_name_may_be_a_variable()
    {
        _folder.Write("x/1/site.yaml", "sites: [{hosts: a.test}]");
        _folder.Write("x/2/site.yaml", "sites: [{hosts: b.test}]");
        _folder.Write("x/2/other.yaml", "sites: [{hosts: c.test}]");
        var result = Fakes.Loader(("DIR", "x")).Load(_folder.Write("gate.yaml", "include: '${DIR}/?/s*.yaml'"));
        Assert.Equal(["a.test", "b.test"], result.Config!.Sites.Select(site => site.Hosts[0].ToString()));
    }

    [Fact]
    public void Their_number_is_bounded()
    {
        for (var i = 0; i < 1_001; i++)
            _folder.Write($"many/{i:0000}.yaml", "");
        Assert.Equal(["gate.yaml:1:10: the configuration includes more than 1000 files"], Faults("include: many/*.yaml"));
    }

    private IReadOnlyList<string> Faults(string yaml) =>
        [.. Fakes.Loader().Load(_folder.Write("gate.yaml", yaml)).Faults
            .Select(fault => fault.ToString()[(_folder.Path.Length + 1)..].Replace(_folder.Path, "FOLDER", StringComparison.Ordinal))];
}
