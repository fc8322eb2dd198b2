using Gatehouse.Dns.Forwarder.DnsCrypt;
using Gatehouse.Dns.Forwarder.Queries;
using Gatehouse.Net.Transports;

namespace Gatehouse.Dns.Forwarder.Fronts;

/// <summary>Takes connections of one address: TCP, what TLS has been taken off of, or DNSCrypt's.</summary>
internal sealed class StreamFront(IReadOnlyList<Lane> lanes, ClientKind kind, Func<DnsCryptService>? crypt, StreamLimits limits) : IConnectionAcceptor
{
    // One for each reactor, which alone uses it.
    private readonly DnsCryptService?[] _crypts = [.. lanes.Select(_ => crypt?.Invoke())];
    private readonly int[] _connections = new int[lanes.Count];

    internal ClientKind Kind => kind;

    internal DnsCryptService? CryptOn(int reactor) => _crypts[reactor];

    /// <summary>How much connections may hold; replaced by a reload.</summary>
    internal StreamLimits Limits { get; set; } = limits;

    public void Accept(Transport transport)
    {
        ref var connections = ref _connections[transport.Reactor.Index];
        if (connections >= Limits.Connections)
        {
            transport.Abort();
            return;
        }

        connections++;
        new StreamConnection(this, lanes[transport.Reactor.Index], transport).Start();
    }

    internal void Left(int reactor) => _connections[reactor]--;
}
