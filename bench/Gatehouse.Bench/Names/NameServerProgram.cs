using System.Globalization;
using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Names;

/// <summary>A name server that can be started: Gatehouse and its peers, one thread each, with the same server to ask.</summary>
internal sealed record NameServerProgram(string Name, string Settings, Func<NameSetup, Launch> Configure)
{
    /// <summary>The zone under which every name has an address.</summary>
    public const string Zone = "bench.example";

    public static NameServerProgram Gatehouse(IReadOnlyList<string> command) => new("gatehouse", "reactors: 1", setup =>
    {
        var file = setup.Write("gatehouse.yaml", $$"""
            reactors: 1
            listen: ["127.0.0.1:{{setup.HttpsPort}} tls"]
            sites: [{hosts: [localhost], tls: {cert: "{{setup.Certificate}}", key: "{{setup.Key}}"}, routes: [{match: /dns-query, dns-over-https: on}]}]
            dns:
              listen: ["127.0.0.1:{{setup.Port}}", "tls://127.0.0.1:{{setup.TlsPort}}"]
              upstream: ["127.0.0.1:{{setup.Upstream}}"]
              cache: {names: {{setup.Names}}}
            """);
        return new Launch(command[0], [.. command.Skip(1), "serve", file, "--state", Path.Combine(setup.Folder, "state")])
        {
            Environment = new Dictionary<string, string> { ["DOTNET_gcServer"] = "0", ["DOTNET_gcConcurrent"] = "0", ["DOTNET_TieredPGO"] = "1" },
        };
    });

    /// <summary>dnsdist with its packet cache; <paramref name="vector"/> is how many datagrams a system call takes.</summary>
    public static NameServerProgram Dnsdist(int vector) => new("dnsdist", $"packet cache, receive vector {vector}", setup => new Launch("dnsdist",
    [
        "--supervised", "--disable-syslog", "-C", setup.Write("dnsdist.conf", string.Create(CultureInfo.InvariantCulture, $"""
            setSecurityPollSuffix("")
            setLocal("127.0.0.1:{setup.Port}")
            addTLSLocal("127.0.0.1:{setup.TlsPort}", "{setup.Certificate}", "{setup.Key}")
            addDOHLocal("127.0.0.1:{setup.HttpsPort}", "{setup.Certificate}", "{setup.Key}", "/dns-query")
            newServer("127.0.0.1:{setup.Upstream}"):setUp()
            getPool(""):setCache(newPacketCache({setup.Names}, {"{"}maxTTL=86400{"}"}))
            setUDPMultipleMessagesVectorSize({vector})
            setMaxTCPClientThreads(1)
            setVerboseHealthChecks(false)
            """)),
    ]));

    public static NameServerProgram Unbound() => new("unbound", "num-threads: 1", setup => new Launch("unbound",
        ["-d", "-c", setup.Write("unbound.conf", Config(setup.Folder, setup.Port, $"""
              module-config: "iterator"
              do-not-query-localhost: no
              num-threads: 1
              msg-cache-size: 1g
              rrset-cache-size: 1g
              cache-max-ttl: 86400
              minimal-responses: yes
            forward-zone:
              name: "."
              forward-addr: 127.0.0.1@{setup.Upstream}
            """))]));

    /// <summary>The server that all ask: every name of the zone has one address.</summary>
    public static Launch Upstream(string folder, int port)
    {
        var file = Path.Combine(folder, "upstream.conf");
        File.WriteAllText(file, Config(folder, port, $"""
              num-threads: 1
              local-zone: "{Zone}." redirect
              local-data: "{Zone}. 86400 IN A 192.0.2.1"
            """));
        return new Launch("unbound", ["-d", "-c", file]);
    }

    private static string Config(string folder, int port, string more) => $"""
        server:
          interface: 127.0.0.1
          port: {port}
          do-daemonize: no
          username: ""
          chroot: ""
          directory: "{folder}"
          pidfile: ""
          use-syslog: no
          do-ip6: no
          so-rcvbuf: 1m
        {more}
        remote-control:
          control-enable: no
        """;
}
