namespace Gatehouse.Interop.Tests.Names;

/// <summary>Other people's stub resolvers and servers over the name server.</summary>
public sealed class PeerTests
{
    private const string Site = "listen: []\nsites: [{hosts: [a.test], tls: {cert: server.pem, key: server.key}, routes: [{match: /*, respond: x}]}]\n";

    [Fact]
    public void Stubby_asks_over_TLS()
    {
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.30"));
        using var served = NameServed.Start(Site + $"dns: {{listen: [\"tls://127.0.0.1:$PORT\"], upstream: [\"127.0.0.1:{upstream.Port}\"]}}");
        using var folder = new TempFolder();
        var port = FreePort.Tcp();
        folder.Write("stubby.yml", $"""
            resolution_type: GETDNS_RESOLUTION_STUB
            dns_transport_list:
              - GETDNS_TRANSPORT_TLS
            tls_authentication: GETDNS_AUTHENTICATION_REQUIRED
            tls_query_padding_blocksize: 128
            tls_ca_file: "{served.Folder["ca.pem"]}"
            listen_addresses:
              - 127.0.0.1@{port}
            upstream_recursive_servers:
              - address_data: 127.0.0.1
                tls_port: {served.Port}
                tls_auth_name: "a.test"
            """);
        using var stubby = PeerProcess.Start("stubby", ["-C", folder["stubby.yml"]]);
        stubby.WaitForPort(port);
        Assert.Equal("192.0.2.30", NameServed.DigAt(port, "from.stubby.test"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tls://")]
    public void Unbound_forwards_to_it(string scheme)
    {
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.31"));
        using var served = NameServed.Start((scheme.Length > 0 ? Site : "") + $"dns: {{listen: [\"{scheme}127.0.0.1:$PORT\"], upstream: [\"127.0.0.1:{upstream.Port}\"]}}");
        using var folder = new TempFolder();
        var port = FreePort.Tcp();
        folder.Write("unbound.conf", $"""
            server:
              interface: 127.0.0.1
              port: {port}
              do-daemonize: no
              do-not-query-localhost: no
              username: ""
              chroot: ""
              directory: "{folder.Path}"
              pidfile: ""
              use-syslog: no
              module-config: "iterator"
              tls-cert-bundle: "{served.Folder["ca.pem"]}"
            forward-zone:
              name: "."
              forward-addr: 127.0.0.1@{served.Port}{(scheme.Length > 0 ? "#a.test" : "")}
              forward-tls-upstream: {(scheme.Length > 0 ? "yes" : "no")}
            remote-control:
              control-enable: no
            """);
        using var unbound = PeerProcess.Start("unbound", ["-d", "-c", folder["unbound.conf"]]);
        unbound.WaitForPort(port);
        Assert.Equal("192.0.2.31", NameServed.DigAt(port, "from.unbound.example.com"));
    }

    [Fact]
    public void Kdig_pads_and_is_answered_in_kind()
    {
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.32"));
        using var served = NameServed.Start(Site + $"dns: {{listen: [\"tls://127.0.0.1:$PORT\"], upstream: [\"127.0.0.1:{upstream.Port}\"]}}");
        Assert.Equal("192.0.2.32", served.Kdig(served.Port, "padded.test", "+tls", "+padding=128"));

        // RFC 8467: a multiple of 468 bytes, where the query was padded.
        var shown = PeerProcess.Run("kdig", ["@127.0.0.1", "-p", $"{served.Port}", "+retry=0", "+time=20", "+tls", "+padding=128", "padded.test"]).Expect().Output;
        Assert.Contains("Received 468 B", shown, StringComparison.Ordinal);
    }
}
