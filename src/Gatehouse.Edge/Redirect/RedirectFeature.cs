using Gatehouse.Edge.Routing;
using Gatehouse.Http;

namespace Gatehouse.Edge.Redirect;

/// <summary><c>redirect</c>: sends the client elsewhere.</summary>
public sealed class RedirectFeature() : HandlerFeature<RedirectConfig>("redirect", "Send the client to another path or URL")
{
    /// <inheritdoc/>
    public override IHandler Build(RedirectConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        return new RedirectHandler(config, context.Pattern);
    }
}
