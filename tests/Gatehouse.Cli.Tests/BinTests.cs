using Gatehouse.Testing;

namespace Gatehouse.Cli.Tests;

public sealed class BinTests
{
    [Fact]
    public void Bin_serves_httpbin_until_it_is_told_to_end()
    {
        using var folder = new TempFolder();
        var port = FreePort.Tcp();
        using var bin = TheProgram.Start(folder, null, "bin", "--listen", $"127.0.0.1:{port}", "--state", folder["state"]);
        bin.WaitForOutput($"http://127.0.0.1:{port}/");
        Assert.Contains("\"a\": \"b\"", TheProgram.Get(port, "/get?a=b").Text, StringComparison.Ordinal);
        bin.Signal(PosixSignal.Term);
        bin.WaitForExit(TheProgram.Patience).Expect(0);
    }

    [Fact]
    public void A_route_serves_httpbin_below_its_path_and_a_reload_keeps_what_was_inspected()
    {
        using var folder = new TempFolder();
        var port = FreePort.Tcp();
        folder.Write("gatehouse.yaml", $"listen: [\"127.0.0.1:{port}\"]\nsites:\n  - routes:\n      - {{match: /bin/*, httpbin: on}}\n");
        using var server = GatehouseProcess.Serve(port, [folder["gatehouse.yaml"]]);
        Assert.Equal("/bin/get", TheProgram.Get(port, "/bin/redirect/1")["Location"]);
        TheProgram.Get(port, "/bin/inspect/x/kept");
        server.Control("reload").Expect(0);
        Assert.Contains("/bin/inspect/x/kept", TheProgram.Get(port, "/bin/inspect/x", "Accept: application/json").Text, StringComparison.Ordinal);
        Assert.Equal(404, TheProgram.Get(port, "/get").Status);
    }

    [Fact]
    public void Httpbin_off_is_a_fault()
    {
        using var folder = new TempFolder();
        folder.Write("gatehouse.yaml", "listen: [\"127.0.0.1:1\"]\nsites:\n  - routes:\n      - {match: /*, httpbin: off}\n");
        Assert.Contains("leave the route away", TheProgram.Run(folder, "check", folder["gatehouse.yaml"]).Expect(1).Error, StringComparison.Ordinal);
    }
}
