namespace Gatehouse.Interop.Tests.Contract;

/// <summary>examples/contract/gateways.yaml as it stands: its Python routes; those whose peers are missing do not keep the others from working.</summary>
public sealed class GatewaysContractTests : IDisposable
{
    private readonly int _port = FreePort.Tcp();
    private readonly TempFolder _folder = new();
    private readonly GatehouseProcess _process;

    public GatewaysContractTests()
    {
        _folder.Write("app.py", "def application(env, start_response):\n    start_response('200 OK', [])\n    return [('wsgi ' + env['PATH_INFO']).encode()]\n");
        _folder.Write("asgi_app.py", """
            async def app(scope, receive, send):
                assert scope['type'] == 'http'
                await send({'type': 'http.response.start', 'status': 200, 'headers': []})
                await send({'type': 'http.response.body', 'body': f"asgi {scope['root_path']} {scope['path']}".encode()})
            """);
        _folder.Write("a.txt", "by run");
        var environment = new Dictionary<string, string?>
        {
            ["PORT"] = $"{_port}",
            ["PY_DIR"] = _folder.Path,
            ["RUN_DIR"] = _folder.Path,
            ["CGI_DIR"] = _folder.Path,
            ["PHP_ROOT"] = _folder.Path,
            ["PHP_SOCKET"] = _folder["none.sock"],
            ["SCGI"] = $"127.0.0.1:{FreePort.Tcp()}",
            ["UWSGI"] = $"127.0.0.1:{FreePort.Tcp()}",
        };
        _process = GatehouseProcess.Serve(_port, [Path.Combine(Repository.Root, "examples/contract/gateways.yaml")], environment: environment);
    }

    [Fact]
    public void Each_route_answers_or_says_that_its_peer_is_missing()
    {
        Assert.Equal("wsgi /x", Get("/x").Text);
        Assert.Equal("asgi /asgi /y", Get("/asgi/y").Text);
        Assert.Equal("by run", Get("/run/a.txt").Text);
        Assert.Equal(404, Get("/cgi-bin/none").Status);
        Assert.Equal(503, Get("/scgi/x").Status);
        Assert.Equal(503, Get("/uwsgi/x").Status);
        Assert.Equal("wsgi /x", Get("/x").Text);
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Dispose();
    }

    private RawResponse Get(string target)
    {
        using var client = RawClient.Connect(_port, timeout: Served.Patience);
        client.Send(Served.Head("GET", target));
        return client.ReadResponse();
    }
}
