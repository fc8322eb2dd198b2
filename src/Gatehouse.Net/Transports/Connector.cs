using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>Opens outgoing connections.</summary>
public static class Connector
{
    /// <summary>
    /// Starts a non-blocking connection to <paramref name="endpoint"/> on the reactor whose thread this is. <see cref="ITransportEvents.OnWritable"/> or
    /// <see cref="ITransportEvents.OnBroken"/> follows in a later turn, also when it stands or fails at once; the caller sets the time limit.
    /// TCP connections have TCP_NODELAY.
    /// </summary>
    public static Transport Connect(Reactor reactor, Endpoint endpoint, ITransportEvents events) => throw new NotImplementedException();
}
