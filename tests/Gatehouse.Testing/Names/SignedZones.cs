namespace Gatehouse.Testing.Names;

/// <summary>
/// A small Internet of names on 127.x.0.y, signed by BIND's tools, on one port: knot serves the root, and its zones test and plain, the latter not signed;
/// BIND serves below test the zones shop (NSEC3), bare (not signed), bogus (changed after it was signed) and old (its signatures expired).
/// </summary>
public sealed class SignedZones : IDisposable
{
    private const string Start = "$TTL 300\n@ IN SOA ns host 1 3600 600 86400 60\n@ NS ns\n";

    private readonly TempFolder _folder = new();
    private readonly List<PeerProcess> _servers = [];

    /// <summary>Signs the zones and starts their servers.</summary>
    public SignedZones()
    {
        Port = FreePort.Udp();
        // Addresses of which nobody else in this test run has one. BIND only listens on those that an interface has.
        var net = Random.Shared.Next(1, 250);
        (Root, Top, Leaf) = ($"127.{net}.0.2", $"127.{net}.0.3", "127.0.0.1");
        Sign("shop.test", "ECDSAP384SHA384", Start + $"ns A {Leaf}\n" + ShopRecords, "-3", "-");
        Sign("bogus.test", "ECDSAP256SHA256", Start + $"ns A {Leaf}\nwww A 192.0.2.50\n");
        Sign("old.test", "ECDSAP256SHA256", Start + $"ns A {Leaf}\nwww A 192.0.2.60\n", "-P", "-s", "20200101000000", "-e", "20200201000000");
        _folder.Write("bogus.test.signed", File.ReadAllText(_folder["bogus.test.signed"]).Replace("192.0.2.50", "192.0.2.66", StringComparison.Ordinal));
        _folder.Write("bare.test.signed", Start + $"ns A {Leaf}\nwww A 192.0.2.70\n");
        Sign("test", "RSASHA256", Start + $"ns A {Top}\n" + string.Concat(new[] { "shop", "bogus", "old", "bare" }.Select(zone => $"{zone} NS ns.{zone}\nns.{zone} A {Leaf}\n")));
        _folder.Write("plain.signed", Start + $"ns A {Top}\nwww A 192.0.2.80\n");
        Sign(".", "ECDSAP256SHA256", $"$TTL 300\n@ IN SOA a.root. host.root. 1 3600 600 86400 60\n@ NS a.root.\na.root. A {Root}\n"
            + $"test. NS ns.test.\nns.test. A {Top}\nplain. NS ns.plain.\nns.plain. A {Top}\n");
        HintsFile = _folder.Write("hints", $". 3600 NS a.root.\na.root. 3600 A {Root}\n");
        ServeByKnot("root", Root, ".");
        ServeByKnot("top", Top, "test", "plain");
        ServeByBind("leaf", Leaf, "shop.test", "bogus.test", "old.test", "bare.test");
    }

    /// <summary>The records of shop.test, of every type that BIND knows and that is in common use.</summary>
    public static string ShopRecords => """
        www A 192.0.2.1
        www A 192.0.2.2
        www AAAA 2001:db8::1
        alias CNAME www
        loop1 CNAME loop2
        loop2 CNAME loop1
        *.wild TXT "of a wildcard"
        a.b.c A 192.0.2.3
        @ MX 10 mail
        @ TXT "v=spf1 -all" "and a \"quoted\" one"
        @ CAA 0 issue "ca.example; account=1"
        @ NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@shop.test!" .
        @ LOC 52 14 5.000 N 0 8 50.000 E 10.00m 1.00m 10000.00m 10.00m
        @ HTTPS 1 . alpn="h2,h3" ipv4hint=192.0.2.1 ipv6hint=2001:db8::1
        _dns SVCB 1 ns alpn="dot" port=853
        _sip._tcp SRV 1 2 5060 www
        _443._tcp TLSA 3 1 1 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
        host SSHFP 4 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
        _http._tcp URI 10 1 "https://www.shop.test/"
        odd TYPE65280 \# 3 ABCDEF
        tree DNAME other.test.

        """;

    /// <summary>The port of all servers.</summary>
    public int Port { get; }

    /// <summary>The address of the root's server.</summary>
    public string Root { get; }

    /// <summary>The address of the server of test and plain.</summary>
    public string Top { get; }

    /// <summary>The address of the server of the zones below test.</summary>
    public string Leaf { get; }

    /// <summary>A file with the root's server.</summary>
    public string HintsFile { get; }

    /// <summary>A file with the DS record of the root's key.</summary>
    public string AnchorFile => _folder["dsset-."];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var server in _servers)
            server.Dispose();
        _folder.Dispose();
    }

    private void Sign(string zone, string algorithm, string text, params string[] options)
    {
        var file = _folder.Write($"{zone}.zone", text);
        Run("dnssec-keygen", ["-q", "-a", algorithm, .. Bits(algorithm), zone]);
        Run("dnssec-keygen", ["-q", "-a", algorithm, .. Bits(algorithm), "-f", "KSK", zone]);
        Run("dnssec-signzone", ["-q", "-S", "-g", .. options, "-o", zone, "-f", $"{zone}.signed", file]);
    }

    private static string[] Bits(string algorithm) => algorithm.StartsWith("RSA", StringComparison.Ordinal) ? ["-b", "2048"] : [];

    private void Run(string program, IEnumerable<string> arguments)
    {
        var result = PeerProcess.Run(program, arguments, TimeSpan.FromSeconds(60), _folder.Path);
        Assert.True(result.ExitCode == 0, $"{program}: {result.Error}");
    }

    private void ServeByKnot(string name, string address, params string[] zones)
    {
        Directory.CreateDirectory(_folder[name]);
        var conf = _folder.Write($"{name}.conf", $"""
            server:
                listen: {address}@{Port}
                rundir: {_folder[name]}
            database:
                storage: {_folder[name]}
            log:
              - target: stderr
                any: info
            template:
              - id: default
                storage: {_folder.Path}
                zonefile-sync: -1
                journal-content: none
            zone:
            {string.Join('\n', zones.Select(zone => $"  - domain: {zone}\n    file: {zone}.signed"))}

            """);
        var server = PeerProcess.Start("knotd", ["-c", conf], _folder.Path);
        _servers.Add(server);
        server.WaitForOutput("server started", TimeSpan.FromSeconds(60));
        foreach (var zone in zones)
            server.WaitForOutput($"[{zone}.] loaded".Replace("[..]", "[.]", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
    }

    private void ServeByBind(string name, string address, params string[] zones)
    {
        var conf = _folder.Write($"{name}.conf", $$"""
            options {
                directory "{{_folder.Path}}"; listen-on port {{Port}} { {{address}}; }; listen-on-v6 { none; }; pid-file none; session-keyfile none;
                recursion no; dnssec-validation no; minimal-responses yes; allow-transfer { none; }; notify no;
            };
            controls { };
            {{string.Join('\n', zones.Select(zone => $"zone \"{zone}\" {{ type primary; file \"{zone}.signed\"; }};"))}}

            """);
        var server = PeerProcess.Start("named", ["-g", "-c", conf, "-n", "1", "-U", "1"], _folder.Path);
        _servers.Add(server);
        server.WaitForOutput(" running", TimeSpan.FromSeconds(60));
    }
}
