using System.Text;
using Gatehouse.Edge.Relay;
using Gatehouse.Edge.Routing;
using Gatehouse.Http;
using Gatehouse.Protocols.ProxyProtocol;
using Gatehouse.Upstreams;

namespace Gatehouse.Edge.Proxy;

/// <summary><c>proxy</c>: forwards requests to other servers.</summary>
public sealed class ProxyFeature() : HandlerFeature<ProxyConfig>("proxy", "Forward requests to other servers and balance among them")
{
    /// <inheritdoc/>
    public override IHandler Build(ProxyConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        var upstream = context.Service<UpstreamRegistry>().Get(new UpstreamConfig
        {
            To = config.To,
            Balance = config.Balance,
            Health = config.Health,
            Timeouts = config.Timeouts,
            Tls = config.Tls,
            Protocol = config.Protocol switch
            {
                "h2c" => UpstreamProtocol.H2c,
                "h2" => UpstreamProtocol.Http2,
                "auto" => UpstreamProtocol.Negotiated,
                _ => UpstreamProtocol.Http,
            },
            ProxyProtocol = config.ProxyProtocol switch { "v1" => ProxyProtocolVersion.Version1, "v2" => ProxyProtocolVersion.Version2, _ => ProxyProtocolVersion.None },
            TlsStamp = config.Tls.Stamp(),
        });
        var rules = new ProxyRules
        {
            Strip = Encoding.UTF8.GetBytes(config.Strip ?? ""),
            Host = config.Host switch { "keep" => HostPolicy.Keep, "target" => HostPolicy.Target, _ => HostPolicy.Fixed },
            FixedHost = Encoding.ASCII.GetBytes(config.Host),
            Retry = config.Retry.ToRules(),
            TunnelIdle = config.TunnelIdle,
            Buffering = new Buffering(config.Buffer, config.BufferMemory.Bytes, config.BufferDisk.Bytes),
        };
        return config.Protocol switch
        {
            "h2c" or "h2" => new Http2ProxyHandler(upstream, rules),
            "auto" => new Http2ProxyHandler(upstream, rules, new ProxyHandler(upstream, rules)),
            _ => new ProxyHandler(upstream, rules),
        };
    }
}
