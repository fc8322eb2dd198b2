namespace Gatehouse.Interop.Tests.Contract;

/// <summary>examples/contract/tls.yaml as it stands: every line of its comment, with certificates that `gatehouse cert issue` made.</summary>
public sealed class TlsContractTests : IDisposable
{
    private readonly int _port = FreePort.Tcp();
    private readonly int _tlsPort = FreePort.Tcp();
    private readonly TempFolder _folder = new();
    private readonly GatehouseProcess _process;

    public TlsContractTests()
    {
        Issue("server", "a.test", "mtls.test");
        Issue("client", "client.test", "--client");
        _folder.Write("www/a.txt", "a file\n");
        var environment = new Dictionary<string, string?>
        {
            ["ROOT"] = _folder["www"],
            ["PORT"] = $"{_port}",
            ["TLS_PORT"] = $"{_tlsPort}",
            ["CERT"] = _folder["server.pem"],
            ["KEY"] = _folder["server.key"],
            ["CLIENT_CA"] = Authority,
        };
        _process = GatehouseProcess.Serve(_tlsPort, [Path.Combine(Repository.Root, "examples/contract/tls.yaml")], environment: environment);
    }

    private string Authority => _folder["issuer/authority/root.pem"];

    public void Dispose()
    {
        _process.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Each_line_of_its_comment_holds()
    {
        Assert.Equal("Hello, World!", Get("a.test", "/ping", Authority).Expect().Output);
        Assert.Equal("a file\n", Get("a.test", "/a.txt", Authority).Expect().Output);

        var local = Path.Combine(_process.State, "authority/root.pem");
        Assert.Equal("b", Get("b.test", "/", local).Expect().Output);
        Assert.NotEqual(0, Get("b.test", "/", Authority).ExitCode);

        Assert.NotEqual(0, Get("mtls.test", "/", Authority).ExitCode);
        Assert.Equal("mtls", Get("mtls.test", "/", Authority, "--cert", _folder["client.pem"], "--key", _folder["client.key"]).Expect().Output);

        var redirect = PeerProcess.Run("curl", ["-sS", "-o", "-", "-w", "%{http_code} %{redirect_url}", "--resolve", $"b.test:{_port}:127.0.0.1", $"http://b.test:{_port}/x?y=1"]);
        Assert.EndsWith($"308 https://b.test:{_tlsPort}/x?y=1", redirect.Expect().Output, StringComparison.Ordinal);
    }

    private void Issue(string file, params string[] arguments) => GatehouseProcess.Run(
        ["cert", "issue", .. arguments, "--cert", _folder[$"{file}.pem"], "--key", _folder[$"{file}.key"], "--state", _folder["issuer"]]).Expect();

    private PeerResult Get(string host, string path, string authority, params string[] arguments) => PeerProcess.Run(
        "curl", ["-sS", "--cacert", authority, "--resolve", $"{host}:{_tlsPort}:127.0.0.1", .. arguments, $"https://{host}:{_tlsPort}{path}"]);
}
