using System.Text;
using System.Text.Json;
using Gatehouse.Tools.Get;

namespace Gatehouse.Tools.Tests.Get;

/// <summary>Downloads: to files, resumed, tried again, side by side; what a terminal sees.</summary>
public sealed class DownloadTests(BinServer server) : IClassFixture<BinServer>
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz";

    [Fact]
    public void A_download_goes_on_where_it_ended()
    {
        using var folder = new TempFolder();
        folder.Write("part", "abcde");
        var options = new GetOptions { Words = [$"{server.Url}/range/26"], Outputs = [folder["part"]], ContinueAt = "-" };
        Assert.Equal(0, Got.Run(options).Code);
        Assert.Equal(Alphabet, File.ReadAllText(folder["part"]));
        using var whole = new ScriptedServer("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */26\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(0, Got.Run(options with { Words = [whole.Url] }).Code);
        Assert.Equal(Alphabet, File.ReadAllText(folder["part"]));
        Assert.Equal(CurlCode.NoRanges, Got.Run(options with { Words = [$"{server.Url}/bytes/100"] }).Code);
        Assert.Equal(Alphabet, File.ReadAllText(folder["part"]));
        using var other = new ScriptedServer("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-3/30\r\nContent-Length: 4\r\n\r\nabcd");
        Assert.Equal(CurlCode.NoRanges, Got.Run(options with { Words = [other.Url] }).Code);
    }

    [Fact]
    public void Nginx_sends_the_rest_too()
    {
        using var folder = new TempFolder();
        var port = FreePort.Tcp();
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        Directory.CreateDirectory(folder["www"]);
        File.WriteAllBytes(folder["www/file"], bytes);
        folder.Write("nginx.conf", $"daemon off; master_process off; user root; pid {folder["pid"]}; error_log stderr; events {{}} http {{ access_log off; client_body_temp_path {folder["t1"]}; proxy_temp_path {folder["t2"]}; fastcgi_temp_path {folder["t3"]}; scgi_temp_path {folder["t4"]}; uwsgi_temp_path {folder["t5"]}; server {{ listen 127.0.0.1:{port}; root {folder["www"]}; }} }}");
        using var nginx = PeerProcess.Start("nginx", ["-p", folder.Path, "-c", folder["nginx.conf"]]);
        nginx.WaitForPort(port);
        File.WriteAllBytes(folder["file"], bytes[..1_234_567]);
        Assert.Equal(0, Got.Run(new GetOptions { Words = [$"http://127.0.0.1:{port}/file"], Outputs = [folder["file"]], ContinueAt = "-" }).Code);
        Assert.Equal(bytes, File.ReadAllBytes(folder["file"]));
        Assert.Equal(0, Got.Run(new GetOptions { Words = [$"http://127.0.0.1:{port}/file"], Outputs = [folder["file"]], ContinueAt = "-" }).Code);
    }

    [Fact]
    public void A_failure_that_may_pass_is_tried_again()
    {
        using var flaky = new ScriptedServer((connection, _) => (Encoding.ASCII.GetBytes(connection < 3
            ? "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nRetry-After: 0\r\nConnection: close\r\n\r\nbusy"
            : "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndone"), ScriptedServer.End.Close));
        var got = Got.Run(new GetOptions { Words = [flaky.Url], Retries = 2 });
        Assert.Equal((0, "done", 3), (got.Code, got.Text, flaky.Requests.Count));
        var port = FreePort.Tcp();
        Assert.Equal(CurlCode.NotConnected, Got.Run(new GetOptions { Words = [$":{port}"], Retries = 1, RetryDelay = 0.01, RetriesRefused = true }).Code);
    }

    [Fact]
    public void Several_go_side_by_side()
    {
        using var folder = new TempFolder();
        string[] urls = [.. Enumerable.Range(1, 8).Select(size => $"{server.Url}/bytes/{size * 1000}")];
        string[] files = [.. urls.Select((_, index) => folder[$"{index}"])];
        Assert.Equal(0, Got.Run(new GetOptions { Words = urls, Outputs = files, IsParallel = true, ParallelMax = 3 }).Code);
        Assert.Equal(Enumerable.Range(1, 8).Select(size => size * 1000L), files.Select(file => new FileInfo(file).Length));
        Assert.Equal(CurlCode.NotConnected, Got.Run(new GetOptions { Words = [urls[0], $"http://127.0.0.1:{FreePort.Tcp()}/"], Outputs = ["/dev/null", "/dev/null"], IsParallel = true }).Code);
    }

    [Fact]
    public void An_archive_has_every_exchange()
    {
        using var folder = new TempFolder();
        Assert.Equal(0, Got.Run(new GetOptions { Words = [$"{server.Url}/redirect/1?a=b"], Follows = true, Har = folder["har"] }).Code);
        var entries = JsonDocument.Parse(File.ReadAllText(folder["har"])).RootElement.GetProperty("log").GetProperty("entries");
        Assert.Equal([302, 200], entries.EnumerateArray().Select(entry => entry.GetProperty("response").GetProperty("status").GetInt32()));
        Assert.Equal($"{server.Url}/redirect/1?a=b", entries[0].GetProperty("request").GetProperty("url").GetString());
        Assert.Equal("a", entries[0].GetProperty("request").GetProperty("queryString")[0].GetProperty("name").GetString());
        Assert.Equal("/get", entries[0].GetProperty("response").GetProperty("redirectURL").GetString());
    }

    [Fact]
    public void A_terminal_sees_colours_and_no_binary()
    {
        using var raw = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\nConnection: close\r\n\r\n{\"a\":[1,\"\\u001b[J\"]}");
        var shown = Got.Run(new GetOptions { Words = [raw.Url] }, isTerminal: true).Text;
        Assert.Contains("\x1b[34m\"a\"\x1b[0m: [", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\x1b[J", shown, StringComparison.Ordinal);
        Assert.Equal("{\"a\":[1,\"\\u001b[J\"]}", Got.Run(new GetOptions { Words = [raw.Url], IsPretty = false }, isTerminal: true).Text);
        Assert.Equal("{\"a\":[1,\"\\u001b[J\"]}", Got.Run(new GetOptions { Words = [raw.Url] }).Text);
        using var binary = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\na\0bc");
        var refused = Got.Run(new GetOptions { Words = [binary.Url] }, isTerminal: true);
        Assert.Equal((CurlCode.WriteFailed, ""), (refused.Code, refused.Text));
    }

    [Fact]
    public void Progress_says_how_far_it_is()
    {
        Assert.Equal("f   50% [###############...............] 512 KB of 1.0 MB  256 KB/s  0:02 left", ProgressBar.Line("f", 512 * 1024, 1024 * 1024, TimeSpan.FromSeconds(2)));
        Assert.Equal("f  512 KB  256 KB/s", ProgressBar.Line("f", 512 * 1024, null, TimeSpan.FromSeconds(2)));
    }
}
