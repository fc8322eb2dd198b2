using Gatehouse.Edge.Routing;
using Gatehouse.Http;

namespace Gatehouse.Edge.Logs;

/// <summary><c>log</c>: an access log of what the wrapped handlers answer.</summary>
public sealed class LogFeature() : WrapperFeature<LogConfig>("log", "Write an access log", ordinal: 20)
{
    /// <inheritdoc/>
    public override IHandler? Wrap(LogConfig config, IHandler inner, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        return config.IsOff ? null : new AccessLogHandler(inner, config.Format, context.Service<LogSinks>().Get(config));
    }
}
