using Gatehouse.Edge.Routing;
using Gatehouse.Http;
using Gatehouse.Http.Settings;

namespace Gatehouse.Config.Tests;

/// <summary>Features and sections with the keys that the contract files use, and settings of every kind.</summary>
internal static partial class Fakes
{
    public static ConfigCatalog Catalog { get; } = new(
        [
            new Handler<RespondConfig>("respond", "A fixed answer"),
            new Handler<FilesConfig>("files", "Files of a folder"),
            new ProxyHandler(),
            new Handler<RedirectConfig>("redirect", "A redirect"),
            new Handler<GatewayConfig>("fastcgi", "A FastCGI application"),
            new Handler<GatewayConfig>("scgi", "An SCGI application"),
            new Handler<GatewayConfig>("uwsgi", "A uwsgi application"),
            new Handler<CgiConfig>("cgi", "CGI programs of a folder"),
            new Handler<PythonConfig>("wsgi", "A WSGI application"),
            new Handler<PythonConfig>("asgi", "An ASGI application"),
            new Handler<RunConfig>("run", "A program that speaks HTTP"),
            new Handler<SwitchConfig>("dns-over-https", "Answers DNS queries (RFC 8484)"),
            new Wrapper<LimitsConfig>("limits", "Bounds on bodies and rates", 30),
            new Wrapper<CacheConfig>("cache", "A cache of answers", 20),
            new Wrapper<SwitchConfig>("compress", "Compression of answers", 10),
            new Wrapper<AuthConfig>("auth", "Passwords", 40),
            new Wrapper<NothingConfig>("mark", "A wrapper without settings", 50),
        ],
        [
            new Section<DnsConfig>("dns", "A forwarding name server"),
            new Section<IReadOnlyList<StreamConfig>>("streams", "Streams of TCP and UDP"),
        ]);

    public static ConfigLoader Loader(params (string Name, string Value)[] environment) =>
        new(Catalog, name => Array.Find(environment, pair => pair.Name == name).Value);

    /// <summary>Reads a text as /srv/gate.yaml and gives back the faults, each as <c>line:column: message</c>.</summary>
    public static IReadOnlyList<string> FaultsOf(string yaml, params (string, string)[] environment)
    {
        var result = Loader(environment).LoadText(yaml, "/srv/gate.yaml");
        Assert.Equal(result.Config is null, result.Faults.Count > 0);
        return [.. result.Faults.Select(fault => fault.ToString()["/srv/gate.yaml:".Length..])];
    }

    public static ServerConfig Read(string yaml, params (string, string)[] environment)
    {
        var result = Loader(environment).LoadText(yaml, "/srv/gate.yaml");
        Assert.Empty(result.Faults);
        return result.Config!;
    }

    private class Handler<TConfig>(string key, string summary) : HandlerFeature<TConfig>(key, summary)
        where TConfig : class
    {
        public override IHandler Build(TConfig config, FeatureContext context) => new Built(config);
    }

    private sealed class ProxyHandler() : Handler<ProxyConfig>("proxy", "Upstream servers")
    {
        protected override void Validate(ProxyConfig config, IFaultSink faults)
        {
            for (var i = 0; i < config.To.Count; i++)
            {
                if (config.To[i].Address.Port == 0 && !config.To[i].Address.IsUnix)
                    faults.Report($"to.{i}.address", "found port 0, expected one to connect to");
            }
        }
    }

    private sealed class Wrapper<TConfig>(string key, string summary, int ordinal) : WrapperFeature<TConfig>(key, summary, ordinal)
        where TConfig : class
    {
        public override IHandler? Wrap(TConfig config, IHandler inner, FeatureContext context) =>
            config is SwitchConfig { Enabled: false } ? null : new Built(config);
    }

    internal sealed record Built(object Config) : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange) => default;
    }
}
