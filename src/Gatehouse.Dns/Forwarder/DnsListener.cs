using System.Net.Sockets;
using Gatehouse.Dns.Forwarder.DnsCrypt;
using Gatehouse.Dns.Forwarder.Fronts;
using Gatehouse.Dns.Forwarder.Queries;
using Gatehouse.Dns.Forwarder.Settings;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Dns.Forwarder;

/// <summary>One address that is listened on: its sockets and what stands behind them.</summary>
internal sealed class DnsListener : IDisposable
{
    private readonly UdpListener? _udp;
    private readonly UdpFront[] _fronts = [];
    private readonly StreamFront _stream;
    private readonly TlsAcceptor? _tls;
    private readonly Listener _listener;

    /// <exception cref="SocketException">It cannot be bound.</exception>
    internal DnsListener(DnsListenAddress address, IReadOnlyList<Lane> lanes, StreamLimits limits, TlsServer? tls, Func<DnsCryptService>? crypt, ITlsEvents events)
    {
        var reactors = lanes.Select(lane => lane.Reactor).ToArray();
        var endpoint = address.Endpoint;
        var kind = address.Kind switch { DnsListenKind.Tls => ClientKind.Tls, DnsListenKind.DnsCrypt => ClientKind.DnsCryptTcp, _ => ClientKind.Tcp };
        if (address.Kind != DnsListenKind.Tls)
        {
            _udp = UdpListener.Bind(reactors, endpoint, new UdpOptions { ReceiveBuffer = 1 << 20, SendBuffer = 1 << 20 });
            endpoint = _udp.Endpoint;
        }

        try
        {
            _stream = new StreamFront(lanes, kind, crypt, limits);
            _tls = address.Kind == DnsListenKind.Tls ? new TlsAcceptor(tls!, _stream, events) : null;
            _listener = Listener.Start(reactors, endpoint, (IConnectionAcceptor?)_tls ?? _stream);
        }
        catch
        {
            _udp?.Dispose();
            throw;
        }

        Endpoint = endpoint;
        if (_udp is not null)
            _fronts = [.. lanes.Select((lane, i) => new UdpFront(lane, _udp.Sockets[i], crypt?.Invoke()))];
    }

    /// <summary>What it is bound to, with the real port where 0 was asked.</summary>
    internal Endpoint Endpoint { get; }

    /// <summary>Puts a configuration in force for what comes from now on.</summary>
    internal void Change(StreamLimits limits, TlsServer? tls)
    {
        _stream.Limits = limits;
        if (_tls is not null && tls is not null)
            _tls.Server = tls;
    }

    /// <summary>Stops listening; connections that stand go on until they end.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        foreach (var front in _fronts)
            front.Dispose();
    }
}
