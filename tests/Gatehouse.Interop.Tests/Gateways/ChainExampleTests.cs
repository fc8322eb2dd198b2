namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>
/// examples/chain: the lecture's chain of load balancer, web server, application server and application, with Gatehouse in each of its places. The client
/// has an address of its own, so that the application can be asked whom it sees.
/// </summary>
public sealed class ChainExampleTests : IDisposable
{
    private const string Client = "127.0.0.9";
    private const string Host = "shop.example";

    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Tcp();
    private readonly int _tlsPort = FreePort.Tcp();
    private readonly List<IDisposable> _processes = [];

    public ChainExampleTests()
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Issue(Host);
        _folder.Write("ca.pem", authority.Pem);
        _folder.Write("cert.pem", certificate);
        File.SetUnixFileMode(_folder.Write("key.pem", key), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void As_the_load_balancer_before_nginx()
    {
        var (nginx, uwsgi) = (FreePort.Tcp(), FreePort.Tcp());
        _processes.Add(PeerProcess.Start("uwsgi", ["--plugin", "python3", "--socket", $"127.0.0.1:{uwsgi}", "--module", "app:application", "--die-on-term"], Example.Folder("chain")));
        ((PeerProcess)_processes[0]).WaitForPort(uwsgi);
        StartNginx("nginx-web.conf", nginx, ("8081", nginx), ("3031", uwsgi));
        Serve("balancer.yaml", _port, ("NGINX", $"{nginx}"));
        AssertSeesTheClient();
    }

    [Fact]
    public void Behind_nginx_as_the_application_server()
    {
        var own = FreePort.Tcp();
        Serve("application.yaml", own);
        StartNginx("nginx-front.conf", _port, ("8080", _port), ("8443", _tlsPort), ("8082", own));
        AssertSeesTheClient();
    }

    [Fact]
    public void As_all_of_it()
    {
        Serve("whole.yaml", _port);
        AssertSeesTheClient();
    }

    public void Dispose()
    {
        _processes.Reverse();
        foreach (var process in _processes)
            process.Dispose();
        _folder.Dispose();
    }

    private void AssertSeesTheClient()
    {
        // What the client itself says of its address and scheme is not believed anywhere.
        string[] lies = ["-H", "X-Forwarded-For: 192.0.2.1", "-H", "X-Forwarded-Proto: gopher", "-H", "Forwarded: for=192.0.2.1;proto=gopher"];
        Assert.Equal($"{Client} http {Host} /a b\n", Curl($"http://{Host}:{_port}/a%20b", []));
        Assert.Equal($"{Client} https {Host} /a b\n", Curl($"https://{Host}:{_tlsPort}/a%20b", []));
        Assert.Equal($"{Client} https {Host} /\n", Curl($"https://{Host}:{_tlsPort}/", lies));
    }

    private string Curl(string url, string[] more) =>
        PeerProcess.Run("curl", ["-sS", "--interface", Client, "--cacert", _folder["ca.pem"], "--connect-to", "::127.0.0.1:", .. more, url]).Expect(0).Output;

    private void Serve(string file, int port, params (string, string)[] environment)
    {
        var variables = new Dictionary<string, string?>
        {
            ["PORT"] = $"{port}",
            ["TLS_PORT"] = $"{_tlsPort}",
            ["CERT"] = _folder["cert.pem"],
            ["KEY"] = _folder["key.pem"],
            ["PYTHON"] = Example.Python,
        };
        foreach (var (name, value) in environment)
            variables[name] = value;
        _processes.Add(GatehouseProcess.Serve(port, [Path.Combine(Example.Folder("chain"), file)], environment: variables));
    }

    // As it stands but for the ports, and what nginx needs to write in a folder of the test.
    private void StartNginx(string file, int port, params (string, int)[] ports)
    {
        var text = File.ReadAllText(Path.Combine(Example.Folder("chain"), file));
        foreach (var (written, free) in ports)
            text = text.Replace(written, $"{free}", StringComparison.Ordinal);
        var paths = string.Concat(((string[])["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]).Select(name => $"{name}_temp_path {_folder[name]};\n"));
        text = text.Replace("http {", "http {\n" + paths, StringComparison.Ordinal);
        _folder.Write("nginx.conf", $"{(Environment.UserName == "root" ? "user root;" : "")}\npid {_folder["pid"]};\n{text}");
        var nginx = PeerProcess.Start("nginx", ["-p", _folder.Path, "-e", "stderr", "-c", _folder["nginx.conf"]]);
        _processes.Add(nginx);
        nginx.WaitForPort(port);
    }
}
