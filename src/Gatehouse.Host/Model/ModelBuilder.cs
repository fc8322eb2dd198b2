using Gatehouse.Config;
using Gatehouse.Edge.Metrics;
using Gatehouse.Edge.Routing;
using Gatehouse.Edge.Secure;
using Gatehouse.Host.Tls;
using Gatehouse.Http;

namespace Gatehouse.Host.Model;

/// <summary>Makes the handlers of a configuration: sites, their routes, and the wrappers around them.</summary>
internal sealed class ModelBuilder(string folder, IServiceProvider services, MetricsRegistry? metrics, TlsModel tls)
{
    /// <summary>The root handler for all that <paramref name="config"/> serves.</summary>
    public SiteTable Build(ServerConfig config)
    {
        IHandler otherwise = new RouteList([]);
        var sites = new List<(SiteConfig Config, IHandler Handler)>(config.Sites.Count);
        foreach (var site in config.Sites)
        {
            IHandler handler = BuildSite(site);
            if (tls.RulesOf(site) is { IsIdle: false } rules)
                handler = new SecureSiteHandler(rules, handler);
            if (metrics is not null)
                handler = new SiteMetricsHandler(handler, metrics.Site(site.Hosts.Count == 0 ? "*" : site.Hosts[0].ToString()));
            sites.Add((site, handler));
            if (site.Hosts.Count == 0)
                otherwise = handler;
        }
        var table = new SiteTable(otherwise);
        foreach (var (site, handler) in sites)
        {
            foreach (var host in site.Hosts)
                table.Add(host.Name, host.IsWildcard, handler);
        }
        return table;
    }

    // A site's wrappers stand around each of its routes, so that a route's own can take their place, and around the 404 when no route matches.
    private RouteList BuildSite(SiteConfig site)
    {
        var routes = new List<Route>(site.Routes.Count + 1);
        var whole = new SiteHandler();
        foreach (var route in site.Routes)
        {
            var context = new FeatureContext(route.Match.Path, folder, services) { Site = whole };
            var handler = ((IHandlerFeature)route.Handler.Feature).Build(route.Handler.Config, context);
            routes.Add(new Route(route.Match.Path, Conditions(route.Match), Wrap(handler, route.WrappersWithin(site), context), route.Match.Path.ToString()));
        }
        var rest = new FeatureContext(PathPattern.All, folder, services) { Site = whole };
        var notFound = Wrap(new RouteList([]), new RouteConfig().WrappersWithin(site), rest);
        routes.Add(new Route(PathPattern.All, [], notFound, "none"));
        return whole.Routes = new RouteList([.. routes]);
    }

    private static IHandler Wrap(IHandler handler, IReadOnlyList<FeatureUse> wrappers, FeatureContext context)
    {
        for (var i = wrappers.Count - 1; i >= 0; i--)
            handler = ((IWrapperFeature)wrappers[i].Feature).Wrap(wrappers[i].Config, handler, context) ?? handler;
        return handler;
    }

    private static List<RouteCondition> Conditions(MatchConfig match)
    {
        var conditions = new List<RouteCondition>();
        if (match.Method.Count > 0)
            conditions.Add(new MethodCondition(match.Method));
        if (match.Client.Count > 0)
            conditions.Add(new ClientCondition(match.Client));
        if (match.Host.Count > 0)
        {
            var marker = new RouteList([]);
            var names = new SiteTable(new RouteList([]));
            foreach (var host in match.Host)
                names.Add(host.Name, host.IsWildcard, marker);
            conditions.Add(new HostCondition(names, marker));
        }
        foreach (var (name, value) in match.Header)
            conditions.Add(new HeaderCondition(name, value));
        foreach (var (name, value) in match.Query)
            conditions.Add(new QueryCondition(name, value));
        return conditions;
    }
}
