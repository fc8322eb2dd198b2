using Gatehouse.Edge.Routing;
using Gatehouse.Http;

namespace Gatehouse.Edge.Timeouts;

/// <summary><c>timeouts</c>: how long a request may take.</summary>
public sealed class TimeoutsFeature() : WrapperFeature<TimeoutsConfig>("timeouts", "How long a request may take", ordinal: 85)
{
    /// <inheritdoc/>
    public override IHandler? Wrap(TimeoutsConfig config, IHandler inner, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config == new TimeoutsConfig() ? null : new TimeoutsHandler(config, inner);
    }
}
