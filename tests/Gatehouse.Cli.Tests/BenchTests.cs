using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Cli.Tests;

public sealed class BenchTests
{
    [Fact]
    public void Bench_reports_compares_and_asserts()
    {
        using var folder = new TempFolder();
        var port = FreePort.Tcp();
        using var bin = TheProgram.Start(folder, null, "bin", "--listen", $"127.0.0.1:{port}", "--state", folder["state"]);
        bin.WaitForOutput($"http://127.0.0.1:{port}/");
        var url = $"http://127.0.0.1:{port}/get";
        var json = TheProgram.Run(folder, "bench", "-c", "4", "-n", "100", "--json", "--save", folder["run"], url).Expect(0).Output;
        Assert.Equal(100, JsonDocument.Parse(json).RootElement.GetProperty("requests").GetInt32());
        var text = TheProgram.Run(folder, "bench", "-c4", "-n100", "-H", "X-A: 1", "--compare", folder["run"], "--html", folder["page"], "--assert", "errors==0", "--assert", "p50<60s", url).Expect(0).Output;
        Assert.Contains("requests/s", text, StringComparison.Ordinal);
        Assert.Contains("<svg", File.ReadAllText(folder["page"]), StringComparison.Ordinal);
        Assert.Contains("expected p50<1us, found", TheProgram.Run(folder, "bench", "-n", "10", "--assert", "p50<1us", url).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("--assert", TheProgram.Run(folder, "bench", "--assert", "speed>1", url).Expect(2).Error, StringComparison.Ordinal);
        TheProgram.Run(folder, "bench", "-c", "0", url).Expect(2);
        TheProgram.Run(folder, "bench", "ftp://x/").Expect(2);
    }
}
