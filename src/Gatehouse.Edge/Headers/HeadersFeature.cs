using Gatehouse.Edge.Routing;
using Gatehouse.Http;

namespace Gatehouse.Edge.Headers;

/// <summary>
/// <c>headers</c>: sets, adds and removes header fields. It stands outside whatever may answer (errors, access, auth), so that its rules for the answer hold
/// for all of those; <c>$user</c> is known to rules for the answer only.
/// </summary>
public sealed class HeadersFeature() : WrapperFeature<HeadersConfig>("headers", "Set, add and remove header fields of the request and the answer", ordinal: 30)
{
    /// <inheritdoc/>
    public override IHandler? Wrap(HeadersConfig config, IHandler inner, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        var request = config.Request.IsEmpty ? null : new HeaderRules(config.Request);
        var response = config.Response.IsEmpty ? null : new ResponseHeaderFilter(new HeaderRules(config.Response));
        return request is null && response is null ? null : new HeadersHandler(request, response, inner);
    }
}
