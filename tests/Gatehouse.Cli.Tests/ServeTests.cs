using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Cli.Tests;

/// <summary>gatehouse serve: what it serves when it is told a folder, a file or nothing.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Tcp();

    private string Listen => $"127.0.0.1:{_port}";

    [Fact]
    public void With_no_argument_in_a_checkout_it_serves_the_welcome_page_and_prints_the_addresses()
    {
        using var server = TheProgram.Start(_folder, Repository.Root, "serve", "--listen", Listen);
        server.WaitForOutput($"http://{Listen}/");
        Assert.StartsWith($"Gatehouse serves {Path.Combine(Repository.Root, "examples/welcome")}\n", server.Output, StringComparison.Ordinal);
        var page = TheProgram.Get(_port, "/");
        Assert.Equal((200, "text/html; charset=utf-8"), (page.Status, page["Content-Type"]));
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "examples/welcome/index.html")), page.Text);
        Stop(server);
    }

    [Fact]
    public void With_no_argument_it_serves_the_configuration_that_is_here()
    {
        _folder.Write("gatehouse.yaml", $"listen: \"{Listen}\"\nsites: [{{routes: [{{match: /*, respond: here}}]}}]\n");
        using var server = TheProgram.Start(_folder, Repository.Root, "serve");
        server.WaitForOutput($"http://{Listen}/");
        Assert.Equal("here", TheProgram.Get(_port, "/").Text);
        Stop(server);
    }

    [Fact]
    public void With_no_argument_and_nothing_here_it_says_what_to_do()
    {
        var result = TheProgram.Run(_folder, "serve").Expect(2);
        Assert.Equal("gatehouse: there is no gatehouse.yaml here; name a configuration or a folder\n", result.Error);
    }

    [Fact]
    public void A_folder_with_an_index_is_a_site()
    {
        _folder.Write("site/index.html", "<p>index");
        _folder.Write("site/data.txt", string.Concat(Enumerable.Repeat("compressible ", 500)));
        _folder.Write("site/sub/file.txt", "deep");
        using var server = TheProgram.Start(_folder, null, "serve", "site", "--listen", Listen);
        server.WaitForOutput($"http://{Listen}/");
        Assert.Contains("index.html: the folder is served as a web site", server.Output, StringComparison.Ordinal);
        Assert.Equal("<p>index", TheProgram.Get(_port, "/").Text);
        Assert.Equal("deep", TheProgram.Get(_port, "/sub/file.txt").Text);
        Assert.Equal(404, TheProgram.Get(_port, "/sub/").Status);
        Assert.Equal("gzip", TheProgram.Get(_port, "/data.txt", "Accept-Encoding: gzip")["Content-Encoding"]);
        Stop(server);
    }

    [Fact]
    public void A_folder_without_an_index_is_listed()
    {
        _folder.Write("files/a.txt", "a");
        _folder.Write("files/sub/b.txt", "b");
        using var server = TheProgram.Start(_folder, null, "serve", "files", "--listen", Listen);
        server.WaitForOutput($"http://{Listen}/");
        Assert.Contains("no index.html: the folder is served with a listing of its files", server.Output, StringComparison.Ordinal);
        var page = TheProgram.Get(_port, "/");
        Assert.Equal((200, "text/html; charset=utf-8"), (page.Status, page["Content-Type"]));
        Assert.Contains("href=\"./a.txt\"", page.Text, StringComparison.Ordinal);
        using var list = JsonDocument.Parse(TheProgram.Get(_port, "/sub/", "Accept: application/json").Body);
        var entry = Assert.Single(list.RootElement.EnumerateArray());
        Assert.Equal(("b.txt", "file", 1), (entry.GetProperty("name").GetString(), entry.GetProperty("type").GetString(), entry.GetProperty("size").GetInt32()));
        Stop(server);
    }

    [Fact]
    public void Several_addresses_are_all_listened_on()
    {
        _folder.Write("site/index.html", "x");
        var second = FreePort.Tcp();
        using var server = TheProgram.Start(_folder, null, "serve", "site", "--listen", Listen, $"127.0.0.1:{second}");
        server.WaitForOutput($"http://127.0.0.1:{second}/");
        Assert.Equal(("x", "x"), (TheProgram.Get(_port, "/").Text, TheProgram.Get(second, "/").Text));
        Stop(server);
    }

    [Fact]
    public void A_path_that_is_not_there_is_2() =>
        Assert.Equal("gatehouse: nothing/here: no such file or folder\n", TheProgram.Run(_folder, "serve", "nothing/here").Expect(2).Error);

    [Fact]
    public void A_configuration_says_itself_where_to_listen()
    {
        _folder.Write("site.yaml", "sites: []");
        Assert.Equal("gatehouse: --listen is for a folder; a configuration says itself where to listen\n", TheProgram.Run(_folder, "serve", "site.yaml", "--listen", Listen).Expect(2).Error);
    }

    [Theory]
    [InlineData("80", "'80'")]
    [InlineData("nonsense:port", "'nonsense' is not an IP address")]
    [InlineData("127.0.0.1:99999", "99999")]
    public void An_address_that_is_none_is_1(string listen, string reason)
    {
        _folder.Write("site/index.html", "x");
        var result = TheProgram.Run(_folder, "serve", "site", "--listen", listen).Expect(1);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static void Stop(PeerProcess server)
    {
        server.Signal(PosixSignal.Term);
        server.WaitForExit(TheProgram.Patience).Expect(0);
    }
}
