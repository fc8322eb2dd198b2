using Gatehouse.Testing;

namespace Gatehouse.Host.Tests;

/// <summary>What keeps a server from starting, and what does not.</summary>
public sealed class StartingTests
{
    [Fact]
    public void A_second_server_on_a_port_fails_and_says_so()
    {
        using var running = new Running(Running.Fixed("first"));
        using var state = new TempFolder();
        var second = GatehouseProcess.Run(["serve", running.File, "--state", state.Path]).Expect(1);
        Assert.Contains($"cannot listen on 127.0.0.1:{running.Port}", second.Error, StringComparison.Ordinal);
        Assert.Contains("already in use", second.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Unhandled", second.Error, StringComparison.Ordinal);
        Assert.Equal("", second.Output);
        Assert.Equal("first", running.Get("/").Text);
    }

    [Fact]
    public void A_state_folder_in_use_is_an_error_where_it_was_named()
    {
        using var running = new Running(Running.Fixed("first"));
        using var folder = new TempFolder();
        var file = folder.Write("other.yaml", $"listen: \"127.0.0.1:{FreePort.Tcp()}\"\n{Running.Fixed("second")}\n");
        var second = GatehouseProcess.Run(["serve", file, "--state", running.Process.State]).Expect(1);
        Assert.Contains($"the state folder {running.Process.State} belongs to a server that is running", second.Error, StringComparison.Ordinal);
        Assert.Contains("--state", second.Error, StringComparison.Ordinal);

        var named = folder.Write("named.yaml", $"state: {running.Process.State}\nlisten: \"127.0.0.1:{FreePort.Tcp()}\"\n{Running.Fixed("third")}\n");
        Assert.Contains("belongs to a server that is running", GatehouseProcess.Run(["serve", named]).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_state_folder_in_use_is_replaced_for_the_time()
    {
        using var folder = new TempFolder();
        var environment = new Dictionary<string, string?> { ["GATEHOUSE_STATE"] = folder["state"] };
        int[] ports = [FreePort.Tcp(), FreePort.Tcp()];
        string[] files = [.. ports.Select(port => folder.Write($"{port}.yaml", $"listen: \"127.0.0.1:{port}\"\n{Running.Fixed($"{port}")}\n"))];
        using var first = PeerProcess.Start(GatehouseProcess.Program, ["serve", files[0]], environment: environment);
        first.WaitForPort(ports[0]);
        using var second = PeerProcess.Start(GatehouseProcess.Program, ["serve", files[1]], environment: environment);
        second.WaitForPort(ports[1]);
        second.WaitForOutput("until it ends, this server keeps its state in ");
        Assert.Equal($"{ports[1]}", Running.Get("/", ports[1]).Text);
        var temporary = second.Error.Split("keeps its state in ")[1].Split('\n')[0].Trim();
        Assert.True(File.Exists(Path.Combine(temporary, "control.sock")));
        second.Signal(PosixSignal.Term);
        second.WaitForExit(Running.Patience).Expect(0);
        Assert.False(Directory.Exists(temporary));
        Assert.Contains($"{ports[0]}", GatehouseProcess.Run(["status"], environment: environment).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_crashed_servers_folder_and_sockets_are_taken_over()
    {
        using var state = new TempFolder();
        using var folder = new TempFolder();
        var port = FreePort.Tcp();
        var file = folder.Write("site.yaml", $"listen: [\"127.0.0.1:{port}\", \"unix:web.sock\"]\n{Running.Fixed("again")}\n");
        for (var i = 0; i < 2; i++)
        {
            using var server = PeerProcess.Start(GatehouseProcess.Program, ["serve", file, "--state", state.Path]);
            server.WaitForPort(port);
            Assert.Equal("again", Running.Get("/", port).Text);
            GatehouseProcess.Run(["status", "--state", state.Path]).Expect(0);
            server.Signal(PosixSignal.Kill);
            server.WaitForExit(Running.Patience);
        }
        Assert.True(File.Exists(folder["web.sock"]));
    }

    [Fact]
    public void Absent_upstreams_and_folders_keep_nothing_from_starting()
    {
        using var running = new Running($"sites: [{{routes: [{{match: /files/*, files: {{root: none, strip: /files}}}}, {{match: /*, proxy: {{to: [\"127.0.0.1:{FreePort.Tcp()}\", \"unix:none.sock\"]}}}}]}}]");
        Assert.Equal(503, running.Get("/files/x").Status);
        Assert.Equal(502, running.Get("/").Status);
    }

    [Fact]
    public void All_faults_of_a_configuration_are_told_at_once()
    {
        using var folder = new TempFolder();
        var file = folder.Write("bad.yaml", "listn: 80\nsites:\n  - routes:\n      - {match: ping, respond: a}\n      - {match: /x, fils: .}\n");
        var result = GatehouseProcess.Run(["serve", file, "--state", folder["state"]]).Expect(1);
        Assert.Contains($"{file}:1:1: found the unknown key 'listn'; did you mean 'listen'?", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{file}:4:17: match: found 'ping', expected a path like", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{file}:5:21: found the unknown key 'fils' in 'routes'; did you mean 'files'?", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["state"]));
    }

    [Fact]
    public void It_listens_on_what_it_says()
    {
        using var running = new Running(Running.Fixed("x"));
        running.Process.WaitForOutput($"http://127.0.0.1:{running.Port}/");
        Assert.Contains($"Gatehouse serves {running.File}", running.Process.Output, StringComparison.Ordinal);
    }
}
