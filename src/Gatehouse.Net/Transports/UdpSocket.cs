using Gatehouse.Net.Interop;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>
/// A UDP socket on a reactor. Datagrams go and come one at a time or in batches of one system call, with edges at <see cref="Events"/>, on the reactor's
/// thread; or by async methods with time-outs, from any thread. What the kernel cannot queue is lost, as UDP has it.
/// </summary>
public sealed class UdpSocket : IDisposable, IReactorSource
{
    private const uint Interests = EpollSet.Readable | EpollSet.Writable | EpollSet.EdgeTriggered;
    private const int DefaultTimeout = 60_000;
    private readonly int _descriptor;
    private readonly UdpReceive _receive;
    private readonly UdpSend _send;
    private ulong _data;
    private bool _watched;
    private bool _readable = true;
    private bool _writable = true;
    private int _closed;

    private UdpSocket(Reactor reactor, int descriptor, Endpoint remote)
    {
        Reactor = reactor;
        _descriptor = descriptor;
        RemoteEndpoint = remote;
        LocalEndpoint = SocketCalls.LocalEndpoint(descriptor);
        _receive = new UdpReceive(this);
        _send = new UdpSend(this);
    }

    /// <summary>The reactor that owns this socket.</summary>
    public Reactor Reactor { get; }

    /// <summary>Who is told of edges, when the async methods are not used. Set before the first receive, on the reactor.</summary>
    public IUdpEvents? Events { get; set; }

    /// <summary>This side's endpoint.</summary>
    public Endpoint LocalEndpoint { get; }

    /// <summary>The peer that it was connected to; the default endpoint when it was bound.</summary>
    public Endpoint RemoteEndpoint { get; }

    /// <summary>Milliseconds that <see cref="ReceiveAsync"/> waits; 60,000 unless set, <see cref="Timeout.Infinite"/> is for ever.</summary>
    public int ReceiveTimeout { get; set; } = DefaultTimeout;

    /// <summary>Milliseconds that <see cref="SendAsync"/> waits; 60,000 unless set, <see cref="Timeout.Infinite"/> is for ever.</summary>
    public int SendTimeout { get; set; } = DefaultTimeout;

    object? IReactorSource.Owner => Events;

    /// <summary>Opens a socket that receives what is sent to <paramref name="local"/>. From any thread.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The endpoint cannot be bound.</exception>
    /// <exception cref="ArgumentException">The endpoint is not an IP address.</exception>
    public static UdpSocket Bind(Reactor reactor, Endpoint local, UdpOptions? options = null) =>
        Open(reactor, local, options ?? new UdpOptions(), connect: false);

    /// <summary>Opens a socket that sends to and receives from <paramref name="remote"/> only. From any thread.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">There is no route to the endpoint.</exception>
    /// <exception cref="ArgumentException">The endpoint is not an IP address.</exception>
    public static UdpSocket Connect(Reactor reactor, Endpoint remote, UdpOptions? options = null) =>
        Open(reactor, remote, options ?? new UdpOptions(), connect: true);

    /// <summary>
    /// Receives as many datagrams as are there and fit in one system call: Done with their number. On the reactor. A failure is that of an
    /// earlier send (ECONNREFUSED: nobody listens at the peer) and does not break the socket.
    /// </summary>
    public IoResult Receive(UdpBatch batch)
    {
        if (!CanTry(_readable, out var stops))
        {
            batch.Clear();
            return stops;
        }

        var result = batch.Receive(_descriptor);
        if (result.IsWouldBlock || (result.IsDone && result.Count < batch.Capacity))
            _readable = false;
        return result.IsWouldBlock ? Waits() : result;
    }

    /// <summary>Receives one datagram: Done with its bytes in the buffer, which may be none. On the reactor.</summary>
    public IoResult Receive(Span<byte> buffer, out Endpoint peer, out bool isTruncated)
    {
        peer = default;
        isTruncated = false;
        if (!CanTry(_readable, out var stops))
            return stops;
        var result = DatagramCalls.Receive(_descriptor, buffer, out peer);
        if (result.IsWouldBlock)
        {
            _readable = false;
            return Waits();
        }

        isTruncated = result.Count > buffer.Length;
        return isTruncated ? IoResult.Done(buffer.Length) : result;
    }

    /// <summary>
    /// Sends the datagrams of a batch from <paramref name="start"/> on in one system call: Done with the number that went out; then the next would wait,
    /// or fails. On the reactor.
    /// </summary>
    public IoResult Send(UdpBatch batch, int start = 0)
    {
        if (!CanTry(_writable, out var stops))
            return stops;
        var result = batch.Send(_descriptor, start);
        if (!result.IsWouldBlock)
            return result;
        _writable = false;
        return Waits();
    }

    /// <summary>Sends one datagram, whole or not at all. On the reactor.</summary>
    /// <param name="data">Its bytes.</param>
    /// <param name="peer">Where to; the default endpoint on a connected socket.</param>
    public IoResult Send(ReadOnlySpan<byte> data, Endpoint peer = default)
    {
        if (!CanTry(_writable, out var stops))
            return stops;
        var result = DatagramCalls.Send(_descriptor, data, peer);
        if (!result.IsWouldBlock)
            return result;
        _writable = false;
        return Waits();
    }

    /// <summary>Receives one datagram, from any thread; one call at a time.</summary>
    /// <exception cref="TimeoutException">None came within <see cref="ReceiveTimeout"/>.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">An earlier send has failed, or the socket is closed.</exception>
    public ValueTask<UdpReceived> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation = default) =>
        _receive.Receive(buffer, ReceiveTimeout, cancellation);

    /// <summary>Sends one datagram, from any thread; one call at a time.</summary>
    /// <exception cref="TimeoutException">The kernel had no room for it within <see cref="SendTimeout"/>.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">It is too long, there is no route, an earlier send has failed, or the socket is closed.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> data, Endpoint peer = default, CancellationToken cancellation = default) =>
        _send.Send(data, peer, SendTimeout, cancellation);

    /// <summary>Closes the socket. From any thread: inline on the reactor, else in its next turn.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1)
            return;
        if (Reactor.IsCurrent)
            End();
        else if (!Reactor.TryPost(new CallbackWork(static state => ((UdpSocket)state!).End(), this)))
            SocketCalls.Close(_descriptor);
    }

    void IReactorSource.OnEvents(uint events)
    {
        if ((events & (EpollSet.Writable | EpollSet.Error)) != 0 && !_writable)
        {
            _writable = true;
            _send.Progress();
            Events?.OnWritable();
        }

        if ((events & (EpollSet.Readable | EpollSet.Error)) != 0 && _closed == 0)
        {
            _readable = true;
            _receive.Progress();
            Events?.OnReadable();
        }
    }

    void IReactorSource.OnReactorEnded()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
            End();
    }

    /// <summary>Binds without SO_REUSEPORT and closes again: finds out whether somebody else has the port, and a free one for port 0.</summary>
    internal static Endpoint Probe(Endpoint local)
    {
        var descriptor = OpenDescriptor(local, new UdpOptions(), connect: false);
        var bound = SocketCalls.LocalEndpoint(descriptor);
        SocketCalls.Close(descriptor);
        return bound;
    }

    private static UdpSocket Open(Reactor reactor, in Endpoint endpoint, UdpOptions options, bool connect) =>
        new(reactor, OpenDescriptor(endpoint, options, connect), connect ? endpoint : default);

    private static int OpenDescriptor(in Endpoint endpoint, UdpOptions options, bool connect)
    {
        if (endpoint.Address.IsNone)
            throw new ArgumentException($"Expected an IP address with a port; found {endpoint}.", nameof(endpoint));
        var descriptor = SocketCalls.Open(SocketAddress.Family(endpoint), SocketConstants.Datagram);
        if (descriptor < 0)
            throw Errno.ToException(-descriptor, $"Cannot open a UDP socket for {endpoint}");
        try
        {
            SetOptions(descriptor, endpoint, options);
            var errno = connect ? SocketCalls.Connect(descriptor, endpoint) : SocketCalls.Bind(descriptor, endpoint);
            if (errno != 0)
                throw Errno.ToException(errno, $"Cannot {(connect ? "connect to" : "bind")} {endpoint} over UDP");
            return descriptor;
        }
        catch
        {
            SocketCalls.Close(descriptor);
            throw;
        }
    }

    private static void SetOptions(int descriptor, in Endpoint endpoint, UdpOptions options)
    {
        if (endpoint.Address.IsV6)
            _ = SocketCalls.SetOption(descriptor, SocketConstants.LevelV6, SocketConstants.V6Only, 1);
        if (options.ReusePort)
            _ = SocketCalls.SetOption(descriptor, SocketConstants.LevelSocket, SocketConstants.ReusePort, 1);
        if (options.ReceiveBuffer > 0)
            _ = SocketCalls.SetOption(descriptor, SocketConstants.LevelSocket, SocketConstants.ReceiveBuffer, options.ReceiveBuffer);
        if (options.SendBuffer > 0)
            _ = SocketCalls.SetOption(descriptor, SocketConstants.LevelSocket, SocketConstants.SendBuffer, options.SendBuffer);
    }

    private bool CanTry(bool ready, out IoResult stops)
    {
        stops = _closed != 0 ? IoResult.Failure(Errno.BadDescriptor) : ready ? default : Waits();
        return ready && _closed == 0;
    }

    private IoResult Waits()
    {
        if (_watched)
            return IoResult.WouldBlock;
        _data = Reactor.AddSource(this);
        var errno = Reactor.Watch(_descriptor, Interests, _data);
        if (errno != 0)
        {
            Reactor.RemoveSource(_data);
            return IoResult.Failure(errno);
        }

        _watched = true;
        return IoResult.WouldBlock;
    }

    private void End()
    {
        if (_watched)
            Reactor.RemoveSource(_data);
        SocketCalls.Close(_descriptor);
        _receive.Abandon(static () => new ObjectDisposedException(nameof(UdpSocket), "The socket was closed while a receive was under way."));
        _send.Abandon(static () => new ObjectDisposedException(nameof(UdpSocket), "The socket was closed while a send was under way."));
    }
}
