using Gatehouse.Pki.Acme;
using Gatehouse.Pki.Authority;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Tests.Acme;

/// <summary>Let's Encrypt's own test server with its DNS beside it: every name leads to 127.0.0.1.</summary>
internal sealed class Pebble : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PeerProcess _names;
    private readonly int _port = FreePort.Tcp();
    private readonly int _dns = FreePort.Udp();
    private readonly IReadOnlyDictionary<string, string?> _faults;
    private PeerProcess _server;

    /// <param name="httpPort">Where it looks for proofs by HTTP.</param>
    /// <param name="tlsPort">Where it looks for proofs by TLS.</param>
    /// <param name="external">What its configuration says of external accounts.</param>
    /// <param name="faults">Its failure modes, as variables.</param>
    public Pebble(int httpPort = 1, int tlsPort = 1, string external = "\"externalAccountBindingRequired\": false", Dictionary<string, string?>? faults = null)
    {
        using (var authority = LocalAuthority.Create(_folder["state"]))
        {
            Authorities = authority.RootFile;
            authority.Issue([CertificateName.Parse("127.0.0.1")]).Save(_folder["pebble.pem"], _folder["pebble.key"]);
        }
        _folder.Write("pebble.json", $$"""
            {"pebble": {"listenAddress": "127.0.0.1:{{_port}}", "managementListenAddress": "127.0.0.1:{{FreePort.Tcp()}}",
              "certificate": "{{_folder["pebble.pem"]}}", "privateKey": "{{_folder["pebble.key"]}}",
              "httpPort": {{httpPort}}, "tlsPort": {{tlsPort}}, "ocspResponderURL": "", {{external}}} }
            """);
        Management = FreePort.Tcp();
        _names = PeerProcess.Start("pebble-challtestsrv",
            ["-dns01", $"127.0.0.1:{_dns}", "-management", $"127.0.0.1:{Management}", "-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", ""]);
        _names.WaitForPort(Management);
        _faults = faults ?? new Dictionary<string, string?> { ["PEBBLE_VA_NOSLEEP"] = "1", ["PEBBLE_WFE_NONCEREJECT"] = "0" };
        _server = Start();
    }

    public string Authorities { get; }

    /// <summary>The port of the DNS server's own commands.</summary>
    public int Management { get; }

    public AcmeSettings Settings => new($"https://127.0.0.1:{_port}/dir") { Authorities = Authorities, Email = "ops@example.com", Patience = TimeSpan.FromSeconds(60) };

    /// <summary>Forgets everything, as it does by design.</summary>
    public void Restart()
    {
        _server.Dispose();
        _server = Start();
    }

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
