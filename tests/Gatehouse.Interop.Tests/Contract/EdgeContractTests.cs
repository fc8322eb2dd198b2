namespace Gatehouse.Interop.Tests.Contract;

/// <summary>examples/contract/edge.yaml as it stands: every line of its comment.</summary>
public sealed class EdgeContractTests : IDisposable
{
    private readonly int _port = FreePort.Tcp();
    private readonly TempFolder _root = new();
    private readonly ScriptedUpstream _first = ScriptedUpstream.Answering(request => Answer.Ok($"first {request.Target}"));
    private readonly ScriptedUpstream _second = ScriptedUpstream.Answering(request => Answer.Ok($"second {request.Target}"));
    private readonly GatehouseProcess _process;

    public EdgeContractTests()
    {
        _root.Write("a.txt", "a file\n");
        var environment = new Dictionary<string, string?>
        {
            ["ROOT"] = _root.Path,
            ["PORT"] = $"{_port}",
            ["UP1"] = _first.Address,
            ["UP2"] = _second.Address,
        };
        _process = GatehouseProcess.Serve(_port, [Path.Combine(Repository.Root, "examples/contract/edge.yaml")], environment: environment);
    }

    [Fact]
    public void Each_line_of_its_comment_holds()
    {
        var ping = Get("/ping");
        Assert.Equal((200, "Hello, World!"), (ping.Status, ping.Text));
        Assert.StartsWith("text/plain", ping["Content-Type"], StringComparison.Ordinal);

        var file = Get("/files/a.txt");
        Assert.Equal((200, "a file\n"), (file.Status, file.Text));
        Assert.Equal(404, Get("/files/b.txt").Status);

        string[] inTurn = [.. Enumerable.Range(0, 4).Select(i => Get($"/api/{i}?q={i}").Text)];
        string[] firstBegins = ["first /api/0?q=0", "second /api/1?q=1", "first /api/2?q=2", "second /api/3?q=3"];
        Assert.Equal(firstBegins, inTurn);
        for (var i = 0; i < 3; i++) Assert.Equal("first /x/y?z=1", Get("/app/x/y?z=1").Text);

        var redirect = Get("/old/x");
        Assert.Equal((308, "/new/x"), (redirect.Status, redirect["Location"]));
        foreach (var other in new[] { "/", "/pin", "/ping/", "/pingx", "/new/x", "/oldx", "/apis" }) Assert.Equal(404, Get(other).Status);
    }

    [Fact]
    public void Curl_gets_the_same()
    {
        var result = PeerProcess.Run("curl", ["-sS", "-L", "-o", "-", "-w", "%{http_code} %{url_effective}", $"http://127.0.0.1:{_port}/old/x?y=1"]).Expect(0);
        Assert.EndsWith($"404 http://127.0.0.1:{_port}/new/x?y=1", result.Output, StringComparison.Ordinal);
        Assert.Equal("Hello, World!", PeerProcess.Run("curl", ["-sS", $"http://127.0.0.1:{_port}/ping"]).Expect(0).Output);
    }

    public void Dispose()
    {
        _process.Dispose();
        _first.Dispose();
        _second.Dispose();
        _root.Dispose();
    }

    private RawResponse Get(string target)
    {
        using var client = RawClient.Connect(_port, timeout: Served.Patience);
        client.Send(Served.Head("GET", target));
        return client.ReadResponse();
    }
}
