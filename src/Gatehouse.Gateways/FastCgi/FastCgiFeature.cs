using Gatehouse.Edge.Routing;
using Gatehouse.Gateways.Peers;
using Gatehouse.Http;
using Gatehouse.Upstreams;

namespace Gatehouse.Gateways.FastCgi;

/// <summary><c>fastcgi</c>: lets FastCGI servers (php-fpm and others) answer.</summary>
public sealed class FastCgiFeature() : HandlerFeature<FastCgiConfig>("fastcgi", "Let a FastCGI server, such as php-fpm, answer")
{
    /// <inheritdoc/>
    public override IHandler Build(FastCgiConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        var upstream = context.Service<UpstreamRegistry>().Get(new UpstreamConfig
        {
            To = config.To,
            Balance = config.Balance,
            Timeouts = config.Timeouts,
            Protocol = new FastCgiProtocol(config.Keep),
        });
        return new FastCgiHandler(upstream, new PeerRules(config, context), config.Keep > 0);
    }
}
