using Gatehouse.Config.Types;
using Gatehouse.Edge.Routing;
using Gatehouse.Http;
using Gatehouse.Http.Settings;

namespace Gatehouse.Config.Tests;

/// <summary>Mistakes in declarations, and what follows from right ones.</summary>
public sealed class DeclarationTests
{
    [Fact]
    public void Wrong_declarations_name_themselves()
    {
        Assert.Contains("cannot be a setting", Failure<UnknownType>(), StringComparison.Ordinal);
        Assert.Contains("two shorthands", Failure<TwoShorthands>(), StringComparison.Ordinal);
        Assert.Contains("declares the key 'a' twice", Failure<TwoKeys>(), StringComparison.Ordinal);
        Assert.Contains("bounds of", Failure<WrongBounds>(), StringComparison.Ordinal);
        Assert.Contains("no public constructor without parameters", Failure<NoConstructor>(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_supplied_once()
    {
        Assert.Equal("The key 'listen' is supplied twice for ServerConfig.", Clash([], new Section<UnknownType>("listen", "")));
        Assert.Equal("The key 'match' is supplied twice for RouteConfig.", Clash([new Plain("match", 0)]));
        Assert.Equal("The key 'a' is supplied twice for SiteConfig.", Clash([new Plain("a", 0), new Plain("a", 1)]));
    }

    [Fact]
    public void A_routes_wrappers_win_and_stand_in_their_order()
    {
        var site = Fakes.Read("sites: [{limits: {body: 1KB}, compress: on, cache: {}, routes: [{respond: a, mark: {}, limits: {body: 2KB}}]}]").Sites[0];
        var wrappers = site.Routes[0].WrappersWithin(site);
        Assert.Equal(["compress", "cache", "limits", "mark"], wrappers.Select(use => use.Feature.Key));
        Assert.Equal(ByteSize.KB(2), Assert.IsType<Fakes.LimitsConfig>(wrappers[2].Config).Body);
    }

    [Fact]
    public void Features_build_from_their_settings()
    {
        var route = Fakes.Read("sites: [{routes: [{match: /x/*, files: ., compress: off, cache: {}}]}]").Sites[0].Routes[0];
        var context = new FeatureContext(route.Match.Path, "/srv", new Services());
        var handler = ((IHandlerFeature)route.Handler.Feature).Build(route.Handler.Config, context);
        Assert.Same(route.Handler.Config, Assert.IsType<Fakes.Built>(handler).Config);
        Assert.Null(((IWrapperFeature)route.Wrappers[0].Feature).Wrap(route.Wrappers[0].Config, handler, context));
        Assert.NotNull(((IWrapperFeature)route.Wrappers[1].Feature).Wrap(route.Wrappers[1].Config, handler, context));
        Assert.Equal("a service", context.Service<string>());
        Assert.Throws<InvalidOperationException>(() => context.Service<Exchange>());
    }

    [Theory]
    [InlineData("sites: [{}]", "[::]:8080")]
    [InlineData("sites: [{}]\nlisten: []", "")]
    [InlineData("version: 1", "")]
    [InlineData("sites: []", "")]
    public void Sites_without_a_listener_get_the_default(string yaml, string expected) =>
        Assert.Equal(expected, string.Join(' ', Fakes.Read(yaml).Listen));

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment")]
    [InlineData("~")]
    [InlineData("{}")]
    public void An_empty_configuration_is_all_defaults(string yaml)
    {
        var config = Fakes.Read(yaml);
        Assert.Equal((1, TimeSpan.FromSeconds(30), null), (config.Version, config.Shutdown, config.Reactors.Count));
        Assert.Null(config.Section<Fakes.DnsConfig>());
    }

    [Fact]
    public void An_alias_stands_for_its_anchor()
    {
        var sites = Fakes.Read("sites:\n- {hosts: a.test, routes: &r [{respond: a}]}\n- {hosts: b.test, routes: *r}").Sites;
        Assert.Equal([1, 1], sites.Select(site => site.Routes.Count));
    }

    [Fact]
    public void The_static_way_reads_with_the_environment_of_the_process()
    {
        using var folder = new TemporaryFolder();
        var result = ConfigLoader.Load(folder.Write("gate.yaml", "state: '${PATH}'"), [], []);
        Assert.NotNull(result.Config!.State);
    }

    private static string Clash(Feature[] features, params Section[] sections) =>
        Assert.Throws<ArgumentException>(() => new ConfigCatalog(features, sections)).Message;

    private static string Failure<T>()
        where T : class
    {
        var exception = Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (var setting in ((RecordType)SettingType.Of(typeof(T))).Settings)
                _ = (setting.Type, setting.Bounds);
        });
        return exception.Message;
    }

    private sealed record UnknownType
    {
        [Setting("A type without a meaning")]
        public Uri? A { get; init; }
    }

    private sealed record TwoShorthands
    {
        [Setting("One")]
        [Shorthand]
        public int A { get; init; }

        [Setting("Two")]
        [Shorthand]
        public int B { get; init; }
    }

    private sealed record TwoKeys
    {
        [Setting("One")]
        public int A { get; init; }

        [Setting("Two", Key = "a")]
        public int B { get; init; }
    }

    private sealed record WrongBounds
    {
        [Setting("One")]
        [Bounds("none", "10")]
        public int A { get; init; }
    }

    private sealed record NoConstructor(int A);

    private sealed record Empty;

    private sealed class Plain(string key, int ordinal) : WrapperFeature<Empty>(key, "", ordinal)
    {
        public override IHandler? Wrap(Empty config, IHandler inner, FeatureContext context) => inner;
    }

    private sealed class Services : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(string) ? "a service" : null;
    }
}
