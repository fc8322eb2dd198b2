using Gatehouse.Edge.Routing;
using Gatehouse.Http;

namespace Gatehouse.Edge.Limits;

/// <summary><c>limits</c>: bounds on what a request may send.</summary>
public sealed class LimitsFeature() : WrapperFeature<LimitsConfig>("limits", "Bounds on what a request may send", ordinal: 80)
{
    /// <inheritdoc/>
    public override IHandler? Wrap(LimitsConfig config, IHandler inner, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config == new LimitsConfig() ? null : new LimitsHandler(config, inner);
    }
}
