using Gatehouse.Dns.Forwarder;
using Gatehouse.Edge.Routing;
using Gatehouse.Http;

namespace Gatehouse.Config.Dns;

/// <summary><c>dns-over-https</c>: the name server of <c>dns</c>, by HTTPS.</summary>
public sealed class DnsOverHttpsFeature() : HandlerFeature<DnsOverHttpsConfig>("dns-over-https", "Answer DNS over HTTPS with the name server of 'dns'")
{
    /// <inheritdoc/>
    public override IHandler Build(DnsOverHttpsConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        return config.Enabled ? context.Service<DnsForwarder>().Https : new RouteList([]);
    }
}
