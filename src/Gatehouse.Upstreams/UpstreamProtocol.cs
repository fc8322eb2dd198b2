using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http2;
using Gatehouse.Net.Reactors;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams;

/// <summary>What the connections to a group of targets speak. Two that are equal make the same kind of pool.</summary>
public abstract record UpstreamProtocol
{
    /// <summary>HTTP/1.1: pools are <see cref="ConnectionPool"/>.</summary>
    public static UpstreamProtocol Http { get; } = new HttpProtocol();

    /// <summary>HTTP/2 without TLS, by prior knowledge: pools are <see cref="Http2ConnectionPool"/>.</summary>
    public static UpstreamProtocol H2c { get; } = new Http2Protocol([]);

    /// <summary>HTTP/2 over TLS, which a target must agree to by ALPN: pools are <see cref="Http2ConnectionPool"/>.</summary>
    public static UpstreamProtocol Http2 { get; } = new Http2Protocol(["h2"]);

    /// <summary>HTTP/2 or HTTP/1.1 over TLS, as the target chooses by ALPN: there are pools of both.</summary>
    public static UpstreamProtocol Negotiated { get; } = new NegotiatedProtocol();

    /// <summary>What connections that may be of HTTP/2 offer by ALPN.</summary>
    internal virtual IReadOnlyList<string> Offered => [];

    /// <summary>True when requests of this side's own (health checks) go over HTTP/2.</summary>
    internal virtual bool IsHttp2 => false;

    /// <summary>Makes the pool of one reactor for one target.</summary>
    public abstract IConnectionPool CreatePool(Reactor reactor, Target target);

    private sealed record Http2Protocol(string[] Protocols) : UpstreamProtocol
    {
        internal override IReadOnlyList<string> Offered => Protocols;

        internal override bool IsHttp2 => true;

        public override IConnectionPool CreatePool(Reactor reactor, Target target) => target.NewHttp2Pool(reactor, target.Timeouts);
    }

    private sealed record NegotiatedProtocol : UpstreamProtocol
    {
        internal override IReadOnlyList<string> Offered { get; } = ["h2", "http/1.1"];

        public override IConnectionPool CreatePool(Reactor reactor, Target target) =>
            new NegotiatedPool(target.NewPool(reactor, target.Timeouts), target.NewHttp2Pool(reactor, target.Timeouts));
    }

    private sealed record HttpProtocol : UpstreamProtocol
    {
        public override IConnectionPool CreatePool(Reactor reactor, Target target) => target.NewPool(reactor, target.Timeouts);
    }
}
