using Gatehouse.Config.Types;
using Gatehouse.Edge.Routing;
using Gatehouse.Http.Settings;

namespace Gatehouse.Config;

/// <summary>One route of a site: which requests, and what answers them.</summary>
public sealed record RouteConfig
{
    /// <summary>Which requests it is for.</summary>
    [Setting("Which requests the route is for")]
    public MatchConfig Match { get; init; } = new();

    /// <summary>What answers.</summary>
    [OpenKeys(OpenKind.Handler)]
    public FeatureUse Handler { get; init; } = null!;

    /// <summary>What wraps the handler, in the order of the file.</summary>
    [OpenKeys(OpenKind.Wrapper)]
    public IReadOnlyList<FeatureUse> Wrappers { get; init; } = [];

    /// <summary>The route's wrappers and those of <paramref name="site"/> that it does not set itself, outermost first.</summary>
    public IReadOnlyList<FeatureUse> WrappersWithin(SiteConfig site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return [.. Wrappers.Concat(site.Wrappers).DistinctBy(use => use.Feature.Key).OrderBy(use => ((IWrapperFeature)use.Feature).Ordinal)];
    }
}
