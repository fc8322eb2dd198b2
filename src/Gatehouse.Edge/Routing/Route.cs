using Gatehouse.Http;

namespace Gatehouse.Edge.Routing;

/// <summary>One route, ready to match: its path, its further conditions, and what answers.</summary>
/// <param name="Pattern">The path.</param>
/// <param name="Conditions">What else must hold; usually nothing.</param>
/// <param name="Handler">The handler in its wrappers.</param>
/// <param name="Name">How logs and metrics call it: the path as the configuration writes it.</param>
public sealed record Route(PathPattern Pattern, IReadOnlyList<RouteCondition> Conditions, IHandler Handler, string Name);

/// <summary>Something beside the path that a request must have for a route.</summary>
public abstract class RouteCondition
{
    /// <summary>True when <paramref name="exchange"/>'s request has it.</summary>
    public abstract bool Holds(Exchange exchange);
}
