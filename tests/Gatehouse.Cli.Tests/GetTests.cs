using Gatehouse.Testing;

namespace Gatehouse.Cli.Tests;

public sealed class GetTests
{
    [Fact]
    public void Options_may_be_written_as_curl_takes_them()
    {
        using var folder = new TempFolder();
        var port = FreePort.Tcp();
        using var bin = TheProgram.Start(folder, null, "bin", "--listen", $"127.0.0.1:{port}", "--state", folder["state"]);
        bin.WaitForOutput($"http://127.0.0.1:{port}/");
        folder.Write("data", "a=b");
        var url = $"http://127.0.0.1:{port}";
        var put = TheProgram.Run(folder, "get", "-sSXPUT", "-d@data", "-HX-A: 1", $"{url}/anything", "-w", "%{http_code}\\n").Expect(0).Output;
        Assert.Contains("\"method\": \"PUT\"", put, StringComparison.Ordinal);
        Assert.Contains("\"a\": \"b\"", put, StringComparison.Ordinal);
        Assert.Contains("\"X-A\": \"1\"", put, StringComparison.Ordinal);
        Assert.EndsWith("200\n", put, StringComparison.Ordinal);
        TheProgram.Run(folder, "get", "-sLo", folder["out"], $"{url}/redirect/1").Expect(0);
        Assert.Contains("/get", File.ReadAllText(folder["out"]), StringComparison.Ordinal);
        Assert.Contains("(22)", TheProgram.Run(folder, "get", "-f", $"{url}/status/500").Expect(22).Error, StringComparison.Ordinal);
        Assert.Equal("", TheProgram.Run(folder, "get", "-sf", $"{url}/status/500").Expect(22).Error);
        Assert.Equal($"curl -X DELETE {url}/x\n", TheProgram.Run(folder, "get", "--curl", "-X", "DELETE", $"{url}/x").Expect(0).Output);
    }
}
