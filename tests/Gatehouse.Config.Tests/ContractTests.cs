using Gatehouse.Config.Comparing;
using Gatehouse.Config.Writing;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Config.Tests;

/// <summary>The configurations that must work as they stand, with features that have their keys.</summary>
public sealed class ContractTests
{
    private static readonly (string, string)[] Certificates = [("CERT", "cert.pem"), ("KEY", "key.pem"), ("CLIENT_CA", "/etc/ca.pem")];

    [Fact]
    public void Edge()
    {
        var config = Load("edge.yaml", ("PORT", "9999"), ("UP2", "[::1]:9"));
        Assert.Equal([new ListenAddress(Endpoint.Parse("127.0.0.1:9999"))], config.Listen);
        var routes = Assert.Single(config.Sites).Routes;
        Assert.Equal(["/ping", "/files/*", "/api/*", "/app/*", "/old/*"], routes.Select(route => route.Match.Path.ToString()));
        Assert.Equal(new Fakes.RespondConfig { Status = 200, Body = "Hello, World!" }, routes[0].Handler.Config);
        Assert.Equal(new Fakes.FilesConfig { Root = new FilePath(VectorFolder), Strip = "/files" }, routes[1].Handler.Config);
        var api = Assert.IsType<Fakes.ProxyConfig>(routes[2].Handler.Config);
        Assert.Equal(["127.0.0.1:9001", "[::1]:9"], api.To.Select(target => target.Address.ToString()));
        Assert.Equal("round-robin", api.Balance);
        Assert.Equal("/app", Assert.IsType<Fakes.ProxyConfig>(routes[3].Handler.Config).Strip);
        Assert.Equal(new Fakes.RedirectConfig { To = "/new/", Status = 308 }, routes[4].Handler.Config);
        Assert.Equal("redirect", routes[4].Handler.Feature.Key);
    }

    [Fact]
    public void Balance()
    {
        var config = Load("balance.yaml");
        var proxy = Assert.IsType<Fakes.ProxyConfig>(Assert.Single(Assert.Single(config.Sites).Routes).Handler.Config);
        Assert.Equal([3, 1], proxy.To.Select(target => target.Weight));
        Assert.Equal("gh-node", proxy.Sticky!.Cookie);
        Assert.Equal(new Fakes.HealthConfig { Path = "/healthz", Every = TimeSpan.FromMilliseconds(200), Rise = 1, Fall = 2 }, proxy.Health);
        Assert.Equal(["connect", "timeout", "502", "503"], proxy.Retry.On);
        Assert.Equal("127.0.0.1:9180", Assert.Single(config.Admin!.Listen).ToString());
    }

    [Fact]
    public void Cache()
    {
        var routes = Assert.Single(Load("cache.yaml").Sites).Routes;
        var limits = Assert.IsType<Fakes.LimitsConfig>(Assert.Single(routes[0].Wrappers).Config);
        Assert.Equal(new Rate(1000, TimeSpan.FromSeconds(1), 1000, RateKey.Ip), limits.Rate);
        var cache = Assert.IsType<Fakes.CacheConfig>(Assert.Single(routes[1].Wrappers).Config);
        Assert.Equal((ByteSize.MB(64), ByteSize.GB(1), Path.Combine(VectorFolder, "cache")), (cache.Memory, cache.Disk!.Size, cache.Disk.Path.Value));
    }

    [Fact]
    public void Dns()
    {
        var config = Load("dns.yaml");
        var dns = config.Section<Fakes.DnsConfig>()!;
        Assert.Equal(["127.0.0.1:5353", "tls://127.0.0.1:8853", "dnscrypt://127.0.0.1:8444"], dns.Listen);
        Assert.Equal(1_000_000, dns.Cache.Names);
        Assert.Equal(["printer.home.test", "*.dev.test"], dns.Local.Keys);
        Assert.Equal([IpAddress.Parse("192.0.2.10"), IpAddress.Parse("2001:db8::10")], dns.Local["printer.home.test"]);
        Assert.True(Assert.Single(config.Listen).IsTls);
        Assert.Equal(new Fakes.SwitchConfig { Enabled = true }, config.Sites[0].Routes[0].Handler.Config);
    }

    [Fact]
    public void Gateways()
    {
        var routes = Assert.Single(Load("gateways.yaml", ("WORKERS", "7")).Sites).Routes;
        Assert.Equal(["cgi", "fastcgi", "scgi", "uwsgi", "asgi", "run", "wsgi"], routes.Select(route => route.Handler.Feature.Key));
        Assert.Equal(Path.Combine(VectorFolder, "cgi-bin"), Assert.IsType<Fakes.CgiConfig>(routes[0].Handler.Config).Root.Value);
        Assert.Equal("unix:/run/php/php-fpm.sock", Assert.Single(Assert.IsType<Fakes.GatewayConfig>(routes[1].Handler.Config).To).ToString());
        Assert.Equal("asgi_app:app", Assert.IsType<Fakes.PythonConfig>(routes[4].Handler.Config).App);
        Assert.Equal("{port}", Assert.IsType<Fakes.RunConfig>(routes[5].Handler.Config).Command[^1]);
        Assert.Equal(7, Assert.IsType<Fakes.PythonConfig>(routes[6].Handler.Config).Workers);
    }

    [Fact]
    public void Streams()
    {
        var config = Load("streams.yaml");
        var streams = config.Section<IReadOnlyList<Fakes.StreamConfig>>()!;
        Assert.Equal(["127.0.0.1:9300", "127.0.0.1:9301/udp", "127.0.0.1:9302"], streams.Select(stream => stream.Listen));
        Assert.Equal("least-connections", streams[0].Tcp!.Balance);
        Assert.Equal(2, streams[1].Udp!.To.Count);
        Assert.Equal(["a.test", "*"], streams[2].Sni!.Keys);
        Assert.Empty(config.Listen);
    }

    [Fact]
    public void Tls()
    {
        var config = Load("tls.yaml", Certificates);
        Assert.Equal([false, true], config.Listen.Select(listen => listen.IsTls));
        Assert.Equal(Path.Combine(VectorFolder, "key.pem"), config.Sites[0].Tls.Key!.Value.Value);
        Assert.Equal(new TlsConfig(), config.Sites[1].Tls);
        Assert.Equal("/etc/ca.pem", config.Sites[2].Tls.ClientCa!.Value.Value);
    }

    [Theory]
    [InlineData("edge.yaml")]
    [InlineData("balance.yaml")]
    [InlineData("cache.yaml")]
    [InlineData("dns.yaml")]
    [InlineData("gateways.yaml")]
    [InlineData("streams.yaml")]
    [InlineData("tls.yaml")]
    public void What_is_printed_reads_as_the_same_configuration(string file)
    {
        var config = Load(file, Certificates);
        var printed = EffectivePrinter.Print(config, new HashSet<string>());
        var again = Fakes.Loader().LoadText(printed, "/elsewhere/printed.yaml");
        Assert.Empty(again.Faults);
        Assert.True(ConfigEquality.Equals(config, again.Config), printed);
        Assert.Equal(ConfigEquality.Comparer.GetHashCode(config), ConfigEquality.Comparer.GetHashCode(again.Config));
        Assert.Equal(printed, EffectivePrinter.Print(again.Config!, new HashSet<string>()));
    }

    [Fact]
    public void Every_contract_file_has_a_test() =>
        Assert.Equal(["balance.yaml", "cache.yaml", "dns.yaml", "edge.yaml", "gateways.yaml", "streams.yaml", "tls.yaml"],
            Directory.GetFiles(VectorFolder).Select(Path.GetFileName).Order());

    private static string VectorFolder { get; } = Path.Combine(Vectors.Folder, "contract");

    private static ServerConfig Load(string file, params (string, string)[] environment)
    {
        var result = Fakes.Loader(environment).Load(Path.Combine(VectorFolder, file));
        Assert.Empty(result.Faults);
        return result.Config!;
    }
}
