namespace Gatehouse.Interop.Tests.Contract;

/// <summary>examples/contract/tls.yaml as it stands: every line of its comment.</summary>
public sealed class TlsContractTests : IDisposable
{
    private readonly int _port = FreePort.Tcp();
    private readonly int _tlsPort = FreePort.Tcp();
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly GatehouseProcess _process;

    public TlsContractTests()
    {
        Write("server", _authority.Issue("a.test", "mtls.test"));
        Write("alice", _authority.Issue(new TestLeaf { Subject = "CN=Alice", Names = ["alice"], IsClient = true }));
        _folder.Write("ca.pem", _authority.Pem);
        _folder.Write("www/a.txt", "a file\n");
        var environment = new Dictionary<string, string?>
        {
            ["PORT"] = $"{_port}",
            ["TLS_PORT"] = $"{_tlsPort}",
            ["CERT"] = _folder["server.pem"],
            ["KEY"] = _folder["server.key"],
            ["CLIENT_CA"] = _folder["ca.pem"],
            ["ROOT"] = _folder["www"],
        };
        _process = GatehouseProcess.Serve(_tlsPort, [Path.Combine(Repository.Root, "examples/contract/tls.yaml")], environment: environment);
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public void The_given_certificate_serves_HTTP_2_and_1()
    {
        Assert.Equal("Hello, World! 2", Curl("https://a.test:{tls}/ping", "-w", " %{http_version}").Expect().Output);
        Assert.Equal("Hello, World! 1.1", Curl("https://a.test:{tls}/ping", "--http1.1", "-w", " %{http_version}").Expect().Output);
        Assert.Equal("a file\n", Curl("https://a.test:{tls}/a.txt").Expect().Output);
    }

    [Fact]
    public void The_local_authority_gives_a_certificate()
    {
        var shown = GatehouseProcess.Run(["ca", "show", "--state", _process.State, "--pem"]).Expect();
        var root = _folder.Write("root.pem", shown.Output);
        var result = PeerProcess.Run("curl", ["-sS", "--cacert", root, "--connect-to", "::127.0.0.1:", $"https://b.test:{_tlsPort}/"]);
        Assert.Equal("b", result.Expect().Output);
        Assert.Equal(60, Curl("https://b.test:{tls}/").ExitCode);
    }

    [Fact]
    public void A_client_certificate_is_asked_for()
    {
        Assert.Equal("mtls", Curl("https://mtls.test:{tls}/", "--cert", _folder["alice.pem"], "--key", _folder["alice.key"]).Expect().Output);
        Assert.Contains("certificate required", Curl("https://mtls.test:{tls}/").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.test")]
    [InlineData("b.test")]
    [InlineData("mtls.test")]
    public void Plain_HTTP_redirects(string host) => Assert.Equal(
        $"308 https://{host}:{_tlsPort}/x?y=1", Curl($"http://{host}:{{port}}/x?y=1", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}").Expect().Output);

    private PeerResult Curl(string url, params string[] arguments)
    {
        url = url.Replace("{port}", $"{_port}", StringComparison.Ordinal).Replace("{tls}", $"{_tlsPort}", StringComparison.Ordinal);
        return PeerProcess.Run("curl", ["-sS", "--cacert", _folder["ca.pem"], "--connect-to", "::127.0.0.1:", .. arguments, url]);
    }

    private void Write(string file, (string Certificate, string Key) pair)
    {
        _folder.Write($"{file}.pem", pair.Certificate);
        File.SetUnixFileMode(_folder.Write($"{file}.key", pair.Key), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
