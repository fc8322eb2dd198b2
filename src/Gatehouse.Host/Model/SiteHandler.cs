using Gatehouse.Edge.Routing;
using Gatehouse.Http;

namespace Gatehouse.Host.Model;

/// <summary>A site as its own handlers see it: they are built before it is whole.</summary>
internal sealed class SiteHandler : IHandler
{
    /// <summary>The routes, from when they are all built.</summary>
    public RouteList Routes { get; set; } = new([]);

    public ValueTask HandleAsync(Exchange exchange) => Routes.HandleAsync(exchange);
}
