using Gatehouse.Edge.Routing;
using Gatehouse.Http;

namespace Gatehouse.Edge.Rewrite;

/// <summary>
/// <c>rewrite</c>: the handler sees another path or query than the client sent. It stands nearest to the handler; the route stays the one that was matched.
/// </summary>
public sealed class RewriteFeature() : WrapperFeature<RewriteConfig>("rewrite", "Change the path and the query that the handler sees", ordinal: 90)
{
    /// <inheritdoc/>
    public override IHandler Wrap(RewriteConfig config, IHandler inner, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new RewriteHandler(config, inner);
    }
}
