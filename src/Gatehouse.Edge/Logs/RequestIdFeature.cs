using Gatehouse.Edge.Routing;
using Gatehouse.Http;

namespace Gatehouse.Edge.Logs;

/// <summary><c>request-id</c>: each request gets a <see cref="RequestIdentity"/>. It stands outside the log, which may name it.</summary>
public sealed class RequestIdFeature() : WrapperFeature<RequestIdConfig>("request-id", "Give each request an identifier and a place in a trace", ordinal: 10)
{
    /// <inheritdoc/>
    public override IHandler? Wrap(RequestIdConfig config, IHandler inner, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Enabled ? new RequestIdHandler(inner) : null;
    }
}
