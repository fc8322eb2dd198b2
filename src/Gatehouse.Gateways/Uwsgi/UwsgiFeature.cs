using Gatehouse.Edge.Routing;
using Gatehouse.Gateways.Peers;
using Gatehouse.Http;
using Gatehouse.Upstreams;

namespace Gatehouse.Gateways.Uwsgi;

/// <summary><c>uwsgi</c>: lets uWSGI servers answer.</summary>
public sealed class UwsgiFeature() : HandlerFeature<UwsgiConfig>("uwsgi", "Let a uWSGI server answer")
{
    /// <inheritdoc/>
    public override IHandler Build(UwsgiConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        var upstream = context.Service<UpstreamRegistry>().Get(new UpstreamConfig { To = config.To, Balance = config.Balance, Timeouts = config.Timeouts });
        return new UwsgiHandler(upstream, new PeerRules(config, context), (byte)config.Modifier1, (byte)config.Modifier2);
    }
}
