using Gatehouse.Edge.Routing;
using Gatehouse.Gateways.Peers;
using Gatehouse.Http;
using Gatehouse.Upstreams;

namespace Gatehouse.Gateways.Scgi;

/// <summary><c>scgi</c>: lets SCGI servers answer.</summary>
public sealed class ScgiFeature() : HandlerFeature<ScgiConfig>("scgi", "Let an SCGI server answer")
{
    /// <inheritdoc/>
    public override IHandler Build(ScgiConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        var upstream = context.Service<UpstreamRegistry>().Get(new UpstreamConfig { To = config.To, Balance = config.Balance, Timeouts = config.Timeouts });
        return new ScgiHandler(upstream, new PeerRules(config, context));
    }
}
