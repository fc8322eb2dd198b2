using System.Diagnostics;
using System.Text;
using CsCheck;

namespace Gatehouse.Config.Tests;

/// <summary>Hostile configurations: each bounded in cost, none throws.</summary>
public sealed class BoundsTests
{
    [Fact]
    public void A_billion_laughs_end_at_the_bound_on_nodes()
    {
        var yaml = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x,x]\n");
        for (var c = 'b'; c <= 'j'; c++)
            yaml.Append(c).Append(": &").Append(c).Append(" [").AppendJoin(',', Enumerable.Repeat($"*{(char)(c - 1)}", 10)).Append("]\n");
        Assert.Equal(["5:29: the configuration has more than 100000 nodes"], Fakes.FaultsOf(yaml.ToString()));
    }

    [Fact]
    public void Nesting_is_bounded_in_every_style()
    {
        const string Fault = "lists and mappings stand more than 64 deep inside each other";
        Assert.Equal([$"1:65: {Fault}"], Fakes.FaultsOf(new string('[', 100_000)));
        Assert.EndsWith(Fault, Assert.Single(Fakes.FaultsOf(string.Concat(Enumerable.Repeat("{a: ", 100_000)))));
        Assert.EndsWith(Fault, Assert.Single(Fakes.FaultsOf(string.Concat(Enumerable.Repeat("- ", 100_000)))));
        var (open, close) = (new string('[', 40), new string(']', 40));
        Assert.EndsWith(Fault, Assert.Single(Fakes.FaultsOf($"a: &a {open}{close}\nb: {open}*a{close}")));
    }

    [Fact]
    public void Nodes_are_bounded()
    {
        var fault = Assert.Single(Fakes.FaultsOf($"listen: [{string.Join(',', Enumerable.Repeat("1", 100_001))}]"));
        Assert.EndsWith(": the configuration has more than 100000 nodes", fault);
    }

    [Fact]
    public void A_file_is_bounded()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("gate.yaml", "# " + new string('x', 4 << 20));
        Assert.Equal($"{path}:1:1: the file '{path}' has more than 4 MB", Assert.Single(Fakes.Loader().Load(path).Faults).ToString());
    }

    [Fact]
    public void All_files_together_are_bounded()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 5; i++)
            folder.Write($"parts/{i}.yaml", "# " + new string('x', (4 << 20) - 10));
        var path = folder.Write("gate.yaml", "include: parts/*.yaml");
        Assert.Equal(
            $"{path}:1:10: with the file '{folder.Path}/parts/4.yaml' the configuration has more than 16 MB", Fakes.Loader().Load(path).Faults[0].ToString());
    }

    [Theory]
    [InlineData("state: ", "x")]
    [InlineData("state: '", "x")]
    [InlineData("state: \"", "\\\"")]
    [InlineData("state: \"", "\n")]
    [InlineData("state: |\n", " x\n")]
    [InlineData("", "\n")]
    [InlineData("", "# x\n")]
    [InlineData("state: ", "$")]
    [InlineData("state: '", "${A:}")]
    [InlineData("state: '", "$${")]
    [InlineData("", "x: ")]
    [InlineData("", "? ")]
    [InlineData("", "- x\n")]
    [InlineData("", "&a ")]
    [InlineData("", "\t")]
    [InlineData("", "%x\n")]
    [InlineData("", "---\n")]
    [InlineData("", "!")]
    public void A_megabyte_of_one_thing_costs_seconds_at_most(string start, string unit)
    {
        var text = start + string.Concat(Enumerable.Repeat(unit, (1 << 20) / unit.Length));
        var watch = Stopwatch.StartNew();
        Fakes.Loader().LoadText(text, "/srv/gate.yaml");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Noise_never_throws()
        => Gen.Char["ab:-?[]{}&*!|>'\"%@`#,\n \t$\\~<=0"].Array[0, 60].Select(characters => new string(characters)).Sample(
            text => { Fakes.FaultsOf(text); }, iter: 20_000);

    [Fact]
    public void Random_bytes_never_throw()
    {
        using var folder = new TemporaryFolder();
        Gen.Byte.Array[0, 200].Sample(bytes => { Fakes.Loader().Load(folder.Write("gate.yaml", bytes)); }, iter: 500, threads: 1);
    }

    [Fact]
    public void A_good_configuration_with_a_few_bytes_changed_never_throws()
    {
        var texts = Directory.GetFiles(Path.Combine(Vectors.Folder, "contract")).Select(File.ReadAllText).ToArray();
        Gen.Select(Gen.Int[0, texts.Length - 1], Gen.Select(Gen.Int[0, 2_000], Gen.Char["a0:-[]{}&*!|>'\"#,\n \t$~/"]).Array[1, 6]).Sample(
            (index, changes) =>
            {
                var text = new StringBuilder(texts[index]);
                foreach (var (place, character) in changes)
                    text[place % text.Length] = character;
                Fakes.FaultsOf(text.ToString());
            },
            iter: 3_000);
    }

    [Fact]
    public void Words_of_the_configuration_at_random_never_throw_and_what_loads_prints_and_reads_again()
    {
        string[] words =
        [
            "version", "listen", "sites", "routes", "match", "files", "proxy", "to", "address", "root", "tls", "auto", "off", "on", "1", "':80'",
            "/x/*", "limits", "rate", "1/s", "hosts", "a.test", ": ", ": ", ": ", ", ", "{", "}", "[", "]", "\n", "\n  ", "\n    ", "- ", "''", "~",
            "respond", "compress", "dns", "streams", "auth",
        ];
        Gen.Int[0, words.Length - 1].Array[0, 40].Sample(
            picks =>
            {
                var result = Fakes.Loader().LoadText(string.Concat(picks.Select(pick => words[pick])), "/srv/gate.yaml");
                if (result.Config is not null)
                    PrinterTests.AssertReadsAgain(result.Config);
            },
            iter: 20_000);
    }
}
