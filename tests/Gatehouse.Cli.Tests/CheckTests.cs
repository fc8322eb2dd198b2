using Gatehouse.Testing;

namespace Gatehouse.Cli.Tests;

/// <summary>gatehouse check: exit codes, the exact text of faults, and the effective configuration.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void A_right_configuration_is_said_to_be_so()
    {
        _folder.Write("site.yaml", "sites: [{routes: [{match: /*, respond: hello}]}]\n");
        var result = TheProgram.Run(_folder, "check", "site.yaml").Expect(0);
        Assert.Equal(("site.yaml: no fault\n", ""), (result.Output, result.Error));
    }

    [Fact]
    public void The_contract_is_right()
    {
        var file = Path.Combine(Repository.Root, "examples/contract/edge.yaml");
        Assert.Equal($"{file}: no fault\n", TheProgram.Run(_folder, "check", file).Expect(0).Output);
    }

    [Fact]
    public void Each_fault_is_a_line_with_its_place_and_what_was_expected()
    {
        _folder.Write("bad.yaml", """
            lisen: ":80"
            shutdown: 30
            timeouts: {head: 0s}
            sites:
              - hosts: [http://a.test]
                routes:
                  - match: ping
                    respond: a
                  - match: /x/*
                    prxy: {to: ["127.0.0.1:1"]}
                  - {match: /y/*, proxy: {to: ["127.0.0.1:1"], balance: rond-robin, retry: {on: ["404"]}}}
                  - {match: /z/*, redirect: {to: elsewhere}}
                  - {match: /s/*, redirect: {to: /t, status: 304}}
                  - {match: /f/*, files: {root: ., strip: f/}}

            """);
        var result = TheProgram.Run(_folder, "check", "bad.yaml").Expect(1);
        Assert.Equal("", result.Output);
        string[] expected =
        [
            "bad.yaml:1:1: found the unknown key 'lisen'; did you mean 'listen'?",
            "bad.yaml:2:11: shutdown: found '30' without a unit, expected a duration like 200ms, 2s, 5m, 1h or 1d",
            "bad.yaml:3:18: head: found '0s', expected a duration like 200ms, 2s, 5m, 1h or 1d, from 100ms to 1h",
            "bad.yaml:5:13: hosts: found 'http://a.test', expected a host name like shop.example.com or *.example.com, without scheme and port",
            "bad.yaml:7:16: match: found 'ping', expected a path like /ping, a folder like /x/*, an ending like *.php, or /* for all",
            "bad.yaml:10:9: found the unknown key 'prxy' in 'routes'; did you mean 'proxy'?",
            "bad.yaml:11:61: balance: found 'rond-robin', expected one of round-robin, least-requests, random, two-choices, first; did you mean 'round-robin'?",
            "bad.yaml:11:86: retry.on.0: found '404', expected connect, timeout, or a status code from 500 to 599",
            "bad.yaml:12:38: redirect.to: found 'elsewhere', expected a path that starts with / or a URL that starts with http:// or https://",
            "bad.yaml:13:50: redirect.status: found 304, expected 301, 302, 303, 307 or 308",
            "bad.yaml:14:47: files.strip: found 'f/', expected a path like /static, with a slash in front and none behind",
        ];
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, lines);
    }

    [Theory]
    [InlineData("sites: [", "site.yaml:")]
    [InlineData("sites:\n\t- routes: []", "site.yaml:1:1: not valid YAML")]
    [InlineData("sites: []\nsites: []", "site.yaml:2:1: found the key 'sites' a second time")]
    [InlineData("[1]", "site.yaml:1:1: found a list, expected a mapping of keys to values")]
    [InlineData("include: none.yaml", "none.yaml")]
    [InlineData("state: ${GATEHOUSE_NO_SUCH_VARIABLE}", "GATEHOUSE_NO_SUCH_VARIABLE")]
    [InlineData("sites: [{routes: [{match: /*, respond: a, files: b}]}]", "site.yaml:1:")]
    [InlineData("sites: [{routes: [{match: /*}]}]", "site.yaml:1:")]
    public void A_faulty_one_is_1(string yaml, string fault)
    {
        _folder.Write("site.yaml", yaml);
        var result = TheProgram.Run(_folder, "check", "site.yaml").Expect(1);
        Assert.Contains(fault, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_1_and_named()
    {
        Assert.Contains("none.yaml", TheProgram.Run(_folder, "check", "none.yaml").Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, TheProgram.Run(_folder, "check", _folder.Path).Expect(1).Error, StringComparison.Ordinal);
        Assert.NotEqual(0, TheProgram.Run(_folder, "check").ExitCode);
    }

    [Fact]
    public void What_is_printed_is_a_configuration_with_the_same_meaning()
    {
        _folder.Write("site.yaml", """
            listen: "127.0.0.1:8099"
            sites:
              - hosts: [a.test]
                routes:
                  - {match: /x/*, proxy: "127.0.0.1:9001"}
                  - {match: /*, files: public}
            """);
        var printed = TheProgram.Run(_folder, "check", "site.yaml", "--print").Expect(0).Output;
        Assert.Contains("balance: round-robin", printed, StringComparison.Ordinal);
        Assert.Contains($"root: {_folder["public"]}", printed, StringComparison.Ordinal);
        _folder.Write("printed.yaml", printed);
        Assert.Equal(printed, TheProgram.Run(_folder, "check", "printed.yaml", "--print").Expect(0).Output);
    }

    [Fact]
    public void Secrets_are_not_printed()
    {
        _folder.Write("secret", "not to be printed");
        _folder.Write("site.yaml", "sites: [{routes: [{match: /s, respond: \"${file:secret}\"}]}]");
        var printed = TheProgram.Run(_folder, "check", "site.yaml", "--print").Expect(0).Output;
        Assert.DoesNotContain("not to be printed", printed, StringComparison.Ordinal);
        Assert.Contains("***", printed, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
