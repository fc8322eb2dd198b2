using Gatehouse.Http.Client;
using Gatehouse.Net.Reactors;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams;

/// <summary>What the connections to a group of targets speak. Two that are equal make the same kind of pool.</summary>
public abstract record UpstreamProtocol
{
    /// <summary>HTTP/1.1: pools are <see cref="ConnectionPool"/>.</summary>
    public static UpstreamProtocol Http { get; } = new HttpProtocol();

    /// <summary>Makes the pool of one reactor for one target.</summary>
    public abstract IConnectionPool CreatePool(Reactor reactor, Target target);

    private sealed record HttpProtocol : UpstreamProtocol
    {
        public override IConnectionPool CreatePool(Reactor reactor, Target target) => target.NewPool(reactor, target.Timeouts);
    }
}
