using Gatehouse.Http.Client;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Gateways.Peers;

/// <summary>A connection for one request whose answer has no framing: it ends with the connection. So it is with SCGI and uwsgi.</summary>
internal sealed class SocketPeer : PeerConnection
{
    private Transport? _transport;

    private SocketPeer(Reactor reactor, string name, ClientTimeouts timeouts)
        : base(reactor, name, timeouts)
    {
    }

    /// <summary>Makes a connection to <paramref name="target"/>.</summary>
    /// <exception cref="ClientException">It was refused or not made in time.</exception>
    public static async ValueTask<PeerConnection> ConnectAsync(Target target)
    {
        var peer = new SocketPeer(Reactor.Current!, target.Name, target.Timeouts);
        try
        {
            await peer.ConnectAsync(target.Endpoint);
        }
        catch
        {
            peer.Dispose();
            throw;
        }
        return peer;
    }

    /// <inheritdoc/>
    protected override int Pull(Span<byte> destination)
    {
        var result = _transport!.Read(destination);
        if (result.IsDone)
            return result.Count;
        if (result.IsWouldBlock)
            return -1;
        return result.IsEndOfStream ? 0 : throw BrokenOff($"broke the connection ({Net.Errno.Describe(result.Errno)})");
    }

    /// <inheritdoc/>
    protected override void CloseTransport() => _transport?.Close();

    private ValueTask ConnectAsync(Endpoint endpoint)
    {
        _transport = Connector.Connect(Reactor, endpoint, this);
        Adopt(_transport);
        return WaitForConnectionAsync();
    }
}
