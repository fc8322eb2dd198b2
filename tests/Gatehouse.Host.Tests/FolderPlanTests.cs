using Gatehouse.Testing;

namespace Gatehouse.Host.Tests;

public sealed class FolderPlanTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("it's: a \"folder\", [with] {all} #sorts & of *chars")]
    [InlineData("${HOME} and $${x}")]
    [InlineData("über\u00a0straße")]
    public void A_folder_of_any_name_is_served(string name)
    {
        using var parent = new TempFolder();
        parent.Write($"{name}/a.txt", "found");
        var port = FreePort.Tcp();
        using var server = GatehouseProcess.Serve(port, [parent[name], "--listen", $"127.0.0.1:{port}"]);
        Assert.Equal("found", Running.Get("/a.txt", port).Text);
    }

    [Fact]
    public void What_is_found_decides_how_it_is_served()
    {
        using var folder = new TempFolder();
        var bare = FolderPlan.For(folder.Path, ["127.0.0.1:1", ":2"]);
        Assert.Equal(["no index.html: the folder is served with a listing of its files"], bare.Findings);
        Assert.Contains("browse: on", bare.Yaml, StringComparison.Ordinal);
        Assert.StartsWith("listen: ['127.0.0.1:1', ':2']\n", bare.Yaml, StringComparison.Ordinal);
        folder.Write("index.html", "");
        var site = FolderPlan.For(folder.Path, []);
        Assert.Equal(["index.html: the folder is served as a web site"], site.Findings);
        Assert.Contains("browse: off", site.Yaml, StringComparison.Ordinal);
    }
}
