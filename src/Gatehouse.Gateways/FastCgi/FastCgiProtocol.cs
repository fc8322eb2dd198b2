using Gatehouse.Http.Client;
using Gatehouse.Net.Reactors;
using Gatehouse.Upstreams;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Gateways.FastCgi;

/// <summary>FastCGI as what an upstream's connections speak.</summary>
/// <param name="Keep">Unused connections that a pool keeps.</param>
internal sealed record FastCgiProtocol(int Keep) : UpstreamProtocol
{
    /// <inheritdoc/>
    public override IConnectionPool CreatePool(Reactor reactor, Target target) => new FastCgiPool(reactor, target.Endpoint, target.Timeouts, Keep);
}
