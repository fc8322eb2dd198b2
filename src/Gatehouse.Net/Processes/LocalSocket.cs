using Gatehouse.Net.Interop;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Processes;

/// <summary>
/// One end of a pair of Unix sockets whose other end a process has. It carries bytes (SOCK_STREAM) or whole messages (SOCK_SEQPACKET), and descriptors with
/// either. On the reactor's thread only.
/// </summary>
public sealed class LocalSocket : IReactorSource, IDisposable
{
    private const uint Interests = EpollSet.Readable | EpollSet.Writable | EpollSet.PeerEnded | EpollSet.EdgeTriggered;

    private readonly int _descriptor;
    private readonly ulong _data;
    private bool _isWatched;
    private bool _receiveWaits;
    private bool _sendWaits;
    private bool _peerEnded;

    private LocalSocket(Reactor reactor, int descriptor)
    {
        Reactor = reactor;
        _descriptor = descriptor;
        _data = reactor.AddSource(this);
    }

    /// <summary>The reactor that owns it.</summary>
    public Reactor Reactor { get; }

    /// <summary>Who is told of edges.</summary>
    public ILocalSocketEvents? Events { get; set; }

    /// <summary>True once it was disposed of.</summary>
    public bool IsClosed { get; private set; }

    object? IReactorSource.Owner => Events;

    /// <summary>Makes a pair that carries a stream of bytes.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">No descriptors are left.</exception>
    public static LocalSocket OpenStream(Reactor reactor, out SafeFileHandle other) => Open(reactor, DescriptorCalls.Stream, out other);

    /// <summary>Makes a pair that carries messages, each received whole by one receiver.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">No descriptors are left.</exception>
    public static LocalSocket OpenMessages(Reactor reactor, out SafeFileHandle other) => Open(reactor, DescriptorCalls.SequencedPackets, out other);

    /// <summary>Receives without waiting and without a reactor, from an end that this process shares with others: takes back what nobody has taken.</summary>
    public static IoResult TryReceive(SafeFileHandle end, Span<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(end);
        var result = DescriptorCalls.Receive((int)end.DangerousGetHandle(), buffer, out var passed);
        passed?.Dispose();
        return result;
    }

    /// <summary>Starts telling of edges.</summary>
    public void Watch()
    {
        if (!_isWatched && !IsClosed)
            _isWatched = Reactor.Watch(_descriptor, Interests, _data) == 0;
    }

    /// <summary>Receives bytes, or one message; a descriptor that came along is the caller's to dispose of.</summary>
    public IoResult Receive(Span<byte> buffer, out SafeFileHandle? passed)
    {
        passed = null;
        if (IsClosed)
            return IoResult.Failure(Errno.BadDescriptor);
        if (_receiveWaits)
            return IoResult.WouldBlock;
        var result = DescriptorCalls.Receive(_descriptor, buffer, out passed);
        if (result.IsWouldBlock)
        {
            _receiveWaits = !_peerEnded;
            Watch();
        }

        return result;
    }

    /// <summary>Receives bytes of a stream; after fewer than asked for the next call answers without a system call.</summary>
    public IoResult ReceiveSome(Span<byte> buffer, out SafeFileHandle? passed)
    {
        var result = Receive(buffer, out passed);
        if (result.IsDone && result.Count < buffer.Length && passed is null && !_peerEnded && _isWatched)
            _receiveWaits = true;
        return result;
    }

    /// <summary>Sends two parts, and up to two descriptors with them, without waiting. A message goes out whole or not at all, of a stream what fits.</summary>
    public IoResult Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default, SafeFileHandle? passed = null, SafeFileHandle? alsoPassed = null)
    {
        if (IsClosed)
            return IoResult.Failure(Errno.BadDescriptor);
        if (_sendWaits)
            return IoResult.WouldBlock;
        var result = DescriptorCalls.Send(_descriptor, first, second, passed, alsoPassed);
        if (result.IsWouldBlock || (result.IsDone && result.Count < first.Length + second.Length))
        {
            _sendWaits = true;
            Watch();
        }

        return result;
    }

    /// <summary>Asks the kernel for room for <paramref name="bytes"/> on their way out (SO_SNDBUF, up to its limit).</summary>
    public void SetSendRoom(int bytes) => _ = SocketCalls.SetOption(_descriptor, SocketConstants.LevelSocket, SocketConstants.SendBuffer, bytes);

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        Reactor.RemoveSource(_data);
        SocketCalls.Close(_descriptor);
    }

    void IReactorSource.OnEvents(uint events)
    {
        if ((events & (EpollSet.PeerEnded | EpollSet.HangUp | EpollSet.Error)) != 0)
            _peerEnded = true;
        if ((events & EpollSet.Writable) != 0 && _sendWaits)
        {
            _sendWaits = false;
            Events?.OnSendable();
        }

        if ((events & ~EpollSet.Writable) != 0 && !IsClosed)
        {
            _receiveWaits = false;
            Events?.OnReceivable();
        }
    }

    void IReactorSource.OnReactorEnded() => Dispose();

    private static LocalSocket Open(Reactor reactor, int type, out SafeFileHandle other)
    {
        ArgumentNullException.ThrowIfNull(reactor);
        var errno = DescriptorCalls.OpenPair(type, out var first, out var second);
        if (errno != 0)
            throw Errno.ToException(errno, "Cannot make a pair of sockets");
        other = new SafeFileHandle(second, ownsHandle: true);
        DescriptorCalls.SetNonBlocking(first);
        return new LocalSocket(reactor, first);
    }
}
