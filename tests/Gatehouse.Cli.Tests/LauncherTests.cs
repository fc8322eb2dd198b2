using Gatehouse.Testing;

namespace Gatehouse.Cli.Tests;

/// <summary>
/// The launcher at the root of a checkout, in a checkout of its own: the launcher and the sources are real, the SDK and the tool that it builds are scripts that
/// write down what is asked of them.
/// </summary>
public sealed class LauncherTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public LauncherTests()
    {
        Add("gatehouse", File.ReadAllText(Path.Combine(Repository.Root, "gatehouse")));
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json" })
            _folder.Write(file, "");
        _folder.Write("src/Gatehouse.Cli/Program.cs", "");
        // Builds a tool that says what it was given, and ends with 7; or fails, when there is a file that says so.
        Add("sdk/dotnet", $$"""
            #!/bin/sh
            echo "$@" >>"{{_folder["calls"]}}"
            [ ! -e "{{_folder["broken"]}}" ] || { echo "error: broken"; exit 1; }
            while [ "$1" != -o ]; do shift; done
            mkdir -p "$2"
            printf '#!/bin/sh\necho "$$ $GATEHOUSE_CHECKOUT $*"\nexit 7\n' >"$2/gatehouse"
            chmod +x "$2/gatehouse"
            """);
    }

    private int Builds => File.Exists(_folder["calls"]) ? File.ReadAllLines(_folder["calls"]).Length : 0;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_builds_once_and_becomes_the_tool()
    {
        for (var i = 0; i < 2; i++)
        {
            using var tool = Start(["serve", "a b"]);
            var result = tool.WaitForExit(TheProgram.Patience).Expect(7);
            Assert.Equal($"{tool.Id} {_folder.Path} serve a b\n", result.Output);
            Assert.Equal(1, Builds);
        }
    }

    [Fact]
    public void A_changed_source_is_built_and_a_failed_build_is_told_and_tried_again()
    {
        Run().Expect(7);
        // The stamp and the change may fall into one tick of the file system's clock.
        File.SetLastWriteTimeUtc(_folder[".build/stamp"], DateTime.UtcNow.AddSeconds(-5));
        _folder.Write("src/Gatehouse.Cli/New.cs", "");
        _folder.Write("broken", "");
        var failed = Run().Expect(1);
        Assert.Equal("error: broken\ngatehouse: the build failed\n", failed.Error);
        Assert.Equal("", failed.Output);
        File.Delete(_folder["broken"]);
        Run().Expect(7);
        Assert.Equal(3, Builds);
        Run().Expect(7);
        Assert.Equal(3, Builds);
        // What a build writes below the sources is none.
        _folder.Write("src/Gatehouse.Cli/obj/first", "");
        Run();
        var builds = Builds;
        Thread.Sleep(20);
        _folder.Write("src/Gatehouse.Cli/obj/project.assets.json", "");
        Run().Expect(7);
        Assert.Equal(builds, Builds);
    }

    [Fact]
    public void A_version_that_changes_is_built()
    {
        Run().Expect(7);
        File.SetLastWriteTimeUtc(_folder[".build/stamp"], DateTime.UtcNow.AddSeconds(-5));
        _folder.Write("Directory.Packages.props", "x");
        Run().Expect(7);
        Assert.Equal(2, Builds);
    }

    [Fact]
    public void Without_the_sdk_it_says_where_to_get_it()
    {
        File.Delete(_folder["sdk/dotnet"]);
        var result = Run().Expect(127);
        Assert.Contains("needs the .NET SDK 10", result.Error, StringComparison.Ordinal);
        Assert.Contains("https://dotnet.microsoft.com/download", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void With_nothing_to_build_one_program_finds_that_out()
    {
        Run().Expect(7);
        var find = _folder["path/find"];
        File.Delete(find);
        Add("path/find", $"#!/bin/sh\necho find >>\"{_folder["used"]}\"\nexec {PeerProcess.Require("find")} \"$@\"\n");
        // Starting a program is what costs: of its 20 ms each would take a few.
        foreach (var program in new[] { "dirname", "readlink", "uname", "mkdir", "touch", "mv", "cat", "flock", "chmod" })
        {
            File.Delete(_folder[$"path/{program}"]);
            Add($"path/{program}", $"#!/bin/sh\necho {program} >>\"{_folder["used"]}\"\n");
        }
        Run().Expect(7);
        Assert.Equal(["find"], File.ReadAllLines(_folder["used"]));
    }

    private PeerResult Run()
    {
        using var tool = Start([]);
        return tool.WaitForExit(TheProgram.Patience);
    }

    private PeerProcess Start(string[] arguments) => PeerProcess.Start(_folder["gatehouse"], arguments, _folder.Path, SearchPath());

    // The programs that the launcher uses and no others, whatever the machine has.
    private Dictionary<string, string?> SearchPath()
    {
        if (!Directory.Exists(_folder["path"]))
        {
            Directory.CreateDirectory(_folder["path"]);
            foreach (var program in new[] { "sh", "dirname", "readlink", "find", "uname", "mkdir", "touch", "mv", "cat", "flock", "chmod" })
                File.CreateSymbolicLink(_folder[$"path/{program}"], PeerProcess.Require(program));
        }
        return new Dictionary<string, string?> { ["PATH"] = $"{_folder["sdk"]}:{_folder["path"]}", ["DOTNET_ROOT"] = null };
    }

    private void Add(string name, string script) =>
        File.SetUnixFileMode(_folder.Write(name, script), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
