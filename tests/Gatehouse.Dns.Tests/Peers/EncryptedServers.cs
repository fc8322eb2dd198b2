using Gatehouse.Testing;

namespace Gatehouse.Dns.Tests.Peers;

/// <summary>unbound with a good certificate, unbound with an expired one, and dnsdist in front of the first; each over TLS and HTTPS, with www.names.test.</summary>
public sealed class EncryptedServers : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new("Another");
    private readonly List<PeerProcess> _servers = [];
    private readonly Dictionary<string, int> _ports = [];

    public EncryptedServers()
    {
        var plain = FreePort.Udp();
        Write("good", new TestLeaf { Names = ["dns.names.test"] });
        Write("expired", new TestLeaf { Names = ["dns.names.test"], NotBefore = DateTimeOffset.UtcNow.AddDays(-20), NotAfter = DateTimeOffset.UtcNow.AddDays(-10) });
        Unbound("unbound", "good", plain);
        Unbound("expired", "expired", FreePort.Udp());
        var (tls, https) = (Port("dnsdist", "tls"), Port("dnsdist", "https"));
        var conf = _folder.Write("dnsdist.conf", $$"""
            setLocal("127.0.0.1:{{FreePort.Udp()}}")
            newServer({address="127.0.0.1:{{plain}}"}):setUp()
            addTLSLocal("127.0.0.1:{{tls}}", "{{_folder["good.pem"]}}", "{{_folder["good.key"]}}")
            addDOHLocal("127.0.0.1:{{https}}", "{{_folder["good.pem"]}}", "{{_folder["good.key"]}}", {"/dns-query"})

            """);
        Start("dnsdist", ["--supervised", "--disable-syslog", "-C", conf], tls);
    }

    internal ReadOnlyMemory<byte> Authority => _authority.Der;

    internal ReadOnlyMemory<byte> OtherAuthority => _other.Der;

    public void Dispose()
    {
        foreach (var server in _servers)
            server.Dispose();
        _authority.Dispose();
        _other.Dispose();
        _folder.Dispose();
    }

    /// <summary>The address of a peer, with its place given, as a configuration has it.</summary>
    internal string Address(string protocol, string peer, string more) =>
        $"{protocol}://dns.names.test:{_ports[$"{peer} {protocol}"]}{(protocol == "https" ? "/dns-query" : "")}#address=127.0.0.1{more}";

    private int Port(string peer, string protocol) => _ports[$"{peer} {protocol}"] = FreePort.Tcp();

    private void Write(string name, TestLeaf leaf)
    {
        var (certificate, key) = _authority.Issue(leaf);
        _folder.Write($"{name}.pem", certificate);
        _folder.Write($"{name}.key", key);
    }

    private void Unbound(string peer, string certificate, int plain)
    {
        var (tls, https) = (Port(peer, "tls"), Port(peer, "https"));
        var conf = _folder.Write($"{peer}.conf", $$"""
            server:
                interface: 127.0.0.1@{{plain}}
                interface: 127.0.0.1@{{tls}}
                interface: 127.0.0.1@{{https}}
                tls-port: {{tls}}
                https-port: {{https}}
                tls-service-key: "{{_folder[$"{certificate}.key"]}}"
                tls-service-pem: "{{_folder[$"{certificate}.pem"]}}"
                username: ""
                chroot: ""
                directory: "{{_folder.Path}}"
                pidfile: ""
                use-syslog: no
                do-daemonize: no
                module-config: "iterator"
                local-zone: "names.test." static
                local-data: "www.names.test. 300 IN A 192.0.2.1"
            remote-control:
                control-enable: no

            """);
        Start("unbound", ["-d", "-p", "-c", conf], tls);
    }

    private void Start(string program, IEnumerable<string> arguments, int port)
    {
        var server = PeerProcess.Start(program, arguments, _folder.Path);
        _servers.Add(server);
        server.WaitForPort(port, TimeSpan.FromSeconds(60));
    }
}
