using Gatehouse.Edge.Routing;
using Gatehouse.Http;

namespace Gatehouse.Edge.Access;

/// <summary><c>access</c>: lets clients in or refuses them by their address.</summary>
public sealed class AccessFeature() : WrapperFeature<AccessConfig>("access", "Let clients in or refuse them by their address", ordinal: 70)
{
    /// <inheritdoc/>
    public override IHandler Wrap(AccessConfig config, IHandler inner, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new AccessHandler(config, inner);
    }
}
