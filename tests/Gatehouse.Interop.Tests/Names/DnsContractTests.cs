namespace Gatehouse.Interop.Tests.Names;

/// <summary>examples/contract/dns.yaml as it stands: every line of its comment.</summary>
public sealed class DnsContractTests : IDisposable
{
    private readonly int _tlsPort = FreePort.Tcp();
    private readonly int _port = FreePort.Tcp();
    private readonly int _dotPort = FreePort.Tcp();
    private readonly int _cryptPort = FreePort.Tcp();
    private readonly TempFolder _folder = new();
    private readonly StubNameServer _upstream = new(static query => StubNameServer.Address(query, "192.0.2.1"));
    private readonly GatehouseProcess _process;

    public DnsContractTests()
    {
        var environment = new Dictionary<string, string?>
        {
            ["TLS_PORT"] = $"{_tlsPort}",
            ["DNS_PORT"] = $"{_port}",
            ["DOT_PORT"] = $"{_dotPort}",
            ["DNSCRYPT_PORT"] = $"{_cryptPort}",
            ["DNS_UP"] = $"127.0.0.1:{_upstream.Port}",
        };
        _process = GatehouseProcess.Serve("Gatehouse serves", [Path.Combine(Repository.Root, "examples/contract/dns.yaml")], environment: environment);
    }

    public void Dispose()
    {
        _process.Dispose();
        _upstream.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Names_are_answered_here_refused_or_forwarded_and_cached()
    {
        Assert.Equal("192.0.2.10", Dig("printer.home.test"));
        Assert.Equal("2001:db8::10", Dig("printer.home.test", "AAAA"));
        Assert.Equal("printer.home.test.", Dig("-x", "192.0.2.10"));
        Assert.Equal("127.0.0.1", Dig("anything.below.dev.test"));
        Assert.Contains("NXDOMAIN", Dig("ads.test", "+noshort", "+comments"), StringComparison.Ordinal);
        Assert.Contains("NXDOMAIN", Dig("sub.ads.test", "+noshort", "+comments", "+tcp"), StringComparison.Ordinal);
        Assert.Equal(0, _upstream.Queries);
        Assert.Equal("192.0.2.1", Dig("www.example.test"));
        var asked = _upstream.Queries;
        Assert.Equal("192.0.2.1", Dig("WWW.example.TEST"));
        Assert.Equal("192.0.2.1", Dig("www.example.test", "+tcp"));
        Assert.Equal(asked, _upstream.Queries);
    }

    [Fact]
    public void It_speaks_TLS_and_HTTPS()
    {
        var root = _folder.Write("root.pem", GatehouseProcess.Run(["ca", "show", "--state", _process.State, "--pem"]).Expect().Output);
        string[] trust = [$"+tls-ca={root}", "+tls-host=localhost", "+short", "+retry=0", "+time=20"];
        Assert.Equal("192.0.2.10", Run("kdig", ["@127.0.0.1", "-p", $"{_dotPort}", "+tls", .. trust, "printer.home.test"]));
        Assert.Equal("192.0.2.1", Run("kdig", ["@127.0.0.1", "-p", $"{_dotPort}", "+tls", .. trust, "over.tls.test"]));
        Assert.Equal("192.0.2.10", Run("kdig", ["@127.0.0.1", "-p", $"{_tlsPort}", "+https=localhost/dns-query", .. trust, "printer.home.test"]));
        Assert.Equal("192.0.2.1", Run("kdig", ["@127.0.0.1", "-p", $"{_tlsPort}", "+https=localhost/dns-query", "+https-get", .. trust, "over.https.test"]));
    }

    [Fact]
    public void It_tells_a_stamp_that_clients_of_DNSCrypt_know()
    {
        _process.WaitForOutput("sdns://");
        var line = _process.Error.Split('\n').Concat(_process.Output.Split('\n')).First(text => text.Contains("sdns://", StringComparison.Ordinal));
        Assert.Contains($"127.0.0.1:{_cryptPort}, provider 2.dnscrypt-cert.", line, StringComparison.Ordinal);
    }

    private string Dig(params string[] arguments) => Run("dig", ["@127.0.0.1", "-p", $"{_port}", "+tries=1", "+time=20", "+short", .. arguments]);

    private static string Run(string program, string[] arguments) => PeerProcess.Run(program, arguments).Expect().Output.TrimEnd();
}
