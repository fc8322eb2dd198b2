using Gatehouse.Http;

namespace Gatehouse.Edge.Routing;

/// <summary>What a feature may know about the place where it is built.</summary>
/// <param name="Pattern">The path pattern of its route; <c>/*</c> at a site.</param>
/// <param name="Folder">The folder of the configuration file, absolute; what relative paths start from.</param>
/// <param name="Services">Objects of the running server (reactors, logs, upstream pools) by their type.</param>
public sealed record FeatureContext(PathPattern Pattern, string Folder, IServiceProvider Services)
{
    /// <summary>
    /// All routes of the site, for a handler whose answer is that of another path: a local redirect. It answers once the site is built. 404 where there is none.
    /// </summary>
    public IHandler Site { get; init; } = new RouteList([]);

    /// <summary>The server's <typeparamref name="T"/>.</summary>
    /// <exception cref="InvalidOperationException">The server has none: a feature was listed without what it needs.</exception>
    public T Service<T>()
        where T : class
        => Services.GetService(typeof(T)) as T ?? throw new InvalidOperationException($"The server offers no {typeof(T)}.");
}
