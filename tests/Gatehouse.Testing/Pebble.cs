namespace Gatehouse.Testing;

/// <summary>Let's Encrypt's own test server with its DNS beside it: every name leads to 127.0.0.1.</summary>
public sealed class Pebble : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PeerProcess _names;
    private readonly int _port = FreePort.Tcp();
    private readonly int _management = FreePort.Tcp();
    private readonly int _dns = FreePort.Udp();
    private readonly IReadOnlyDictionary<string, string?> _faults;
    private PeerProcess _server;

    /// <summary>Starts it.</summary>
    /// <param name="httpPort">Where it looks for proofs by HTTP.</param>
    /// <param name="tlsPort">Where it looks for proofs by TLS.</param>
    /// <param name="external">What its configuration says of external accounts.</param>
    /// <param name="faults">Its failure modes, as variables.</param>
    public Pebble(int httpPort = 1, int tlsPort = 1, string external = "\"externalAccountBindingRequired\": false", Dictionary<string, string?>? faults = null)
    {
        PeerProcess.Run("openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=pebble", "-addext",
                "subjectAltName=IP:127.0.0.1", "-keyout", _folder["pebble.key"], "-out", Authorities,
            ]).Expect();
        _folder.Write("pebble.json", $$"""
            {"pebble": {"listenAddress": "127.0.0.1:{{_port}}", "managementListenAddress": "127.0.0.1:{{_management}}",
              "certificate": "{{Authorities}}", "privateKey": "{{_folder["pebble.key"]}}",
              "httpPort": {{httpPort}}, "tlsPort": {{tlsPort}}, "ocspResponderURL": "", {{external}}} }
            """);
        Management = FreePort.Tcp();
        _names = PeerProcess.Start("pebble-challtestsrv",
            ["-dns01", $"127.0.0.1:{_dns}", "-management", $"127.0.0.1:{Management}", "-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", ""]);
        _names.WaitForPort(Management);
        _faults = faults ?? new Dictionary<string, string?> { ["PEBBLE_VA_NOSLEEP"] = "1", ["PEBBLE_WFE_NONCEREJECT"] = "0" };
        _server = Start();
    }

    /// <summary>The file of the authority that its own certificate is of.</summary>
    public string Authorities => _folder["pebble.pem"];

    /// <summary>The URL of its directory.</summary>
    public string Directory => $"https://127.0.0.1:{_port}/dir";

    /// <summary>The port of the DNS server's own commands.</summary>
    public int Management { get; }

    /// <summary>The root that its certificates lead to, in PEM; another after each start.</summary>
    public string Root() =>
        PeerProcess.Run("curl", ["-sf", "--cacert", Authorities, $"https://127.0.0.1:{_management}/roots/0"]).Expect().Output;

    /// <summary>Forgets everything, as it does by design.</summary>
    public void Restart()
    {
        _server.Dispose();
        _server = Start();
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _server.Dispose();
        _names.Dispose();
        _folder.Dispose();
    }

    private PeerProcess Start()
    {
        var server = PeerProcess.Start("pebble", ["-config", _folder["pebble.json"], "-dnsserver", $"127.0.0.1:{_dns}"], environment: _faults);
        server.WaitForPort(_port);
        return server;
    }
}
