using Gatehouse.Http;

namespace Gatehouse.Edge.Routing;

/// <summary>The routes of one site: the first that matches answers; none is 404.</summary>
public sealed class RouteList(Route[] routes) : IHandler
{
    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        var path = exchange.Request.Path;
        foreach (var route in routes)
        {
            var match = route.Pattern.Match(path);
            if (match.Kind == PathMatchKind.None || !Hold(route.Conditions, exchange))
                continue;
            exchange.Notes.Route = route.Name;
            return match.Kind == PathMatchKind.NeedsSlash ? SlashRedirect.SendAsync(exchange) : route.Handler.HandleAsync(exchange);
        }
        exchange.Response.Status = 404;
        return default;
    }

    private static bool Hold(IReadOnlyList<RouteCondition> conditions, Exchange exchange)
    {
        for (var i = 0; i < conditions.Count; i++)
        {
            if (!conditions[i].Holds(exchange))
                return false;
        }
        return true;
    }
}
