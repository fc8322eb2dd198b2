using Gatehouse.Http.Client;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Upstreams;

namespace Gatehouse.Gateways.FastCgi;

/// <summary>FastCGI as what an upstream's connections speak.</summary>
/// <param name="Keep">Unused connections that a pool keeps.</param>
internal sealed record FastCgiProtocol(int Keep) : UpstreamProtocol
{
    /// <inheritdoc/>
    public override IConnectionPool CreatePool(Reactor reactor, Endpoint endpoint, ClientTimeouts timeouts) => new FastCgiPool(reactor, endpoint, timeouts, Keep);
}
