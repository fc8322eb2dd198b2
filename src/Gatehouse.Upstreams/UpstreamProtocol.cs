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
    public static UpstreamProtocol H2c { get; } = new H2cProtocol();

    /// <summary>Makes the pool of one reactor for one target.</summary>
    public abstract IConnectionPool CreatePool(Reactor reactor, Target target);

    private sealed record H2cProtocol : UpstreamProtocol
    {
        public override IConnectionPool CreatePool(Reactor reactor, Target target) => new Http2ConnectionPool(reactor, target.Endpoint, target.Timeouts);
    }

    private sealed record HttpProtocol : UpstreamProtocol
    {
        public override IConnectionPool CreatePool(Reactor reactor, Target target) => target.NewPool(reactor, target.Timeouts);
    }
}
