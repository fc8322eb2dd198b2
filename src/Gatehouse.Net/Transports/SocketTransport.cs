using Gatehouse.Net.Interop;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Transports;

/// <summary>
/// A TCP or Unix stream socket. It enters the epoll set at the first operation that would wait, edge-triggered, so a connection that never waits never
/// costs an epoll_ctl(2); EPOLLOUT is added at the first write that waits. Between edges it remembers that reading or writing would wait and answers
/// without a system call: after a short read the receive queue is empty, after a short write the send queue is full.
/// </summary>
/// <remarks>
/// The one exception to "a short read has emptied the queue" is out-of-band data (TCP URG, descriptors on a Unix socket), which nobody sends to this
/// program in good faith; a peer that does only holds up its own connection, until a time limit closes it.
/// </remarks>
internal sealed partial class SocketTransport : Transport, IReactorSource, IReactorWork
{
    private const uint ReadInterest = EpollSet.Readable | EpollSet.PeerEnded | EpollSet.EdgeTriggered;
    private const uint BothInterests = ReadInterest | EpollSet.Writable;

    private readonly ulong _data;
    private readonly int _descriptor;
    private Endpoint _remote;
    private Endpoint _local;
    private State _state;
    private int _errno;

    /// <summary>Owns a connected descriptor; with <paramref name="connecting"/>, one whose connect(2) is under way.</summary>
    internal SocketTransport(Reactor reactor, int descriptor, in Endpoint remote, bool connecting = false)
        : base(reactor)
    {
        _descriptor = descriptor;
        _remote = remote;
        _data = reactor.AddSource(this);
        _state = connecting ? State.Connecting : State.Readable;
        if (connecting)
            Watch(BothInterests);
    }

    /// <summary>An attempt to connect that failed at once: in the next turn its owner is told.</summary>
    internal SocketTransport(Reactor reactor, int descriptor, in Endpoint remote, int errno)
        : base(reactor)
    {
        _descriptor = descriptor;
        _remote = remote;
        _data = reactor.AddSource(this);
        _state = State.Broken;
        _errno = errno;
        reactor.Post(this);
    }

    [Flags]
    private enum State : ushort
    {
        /// <summary>A read may find something.</summary>
        Readable = 1,

        /// <summary>A write would wait, and its owner is told when it no longer would.</summary>
        WriteWaits = 2,

        /// <summary>In the epoll set.</summary>
        Watched = 4,

        /// <summary>In the epoll set for writing too.</summary>
        WatchedForWrites = 8,

        /// <summary>The peer has ended its side: a read goes on until it meets the end, as no further edge would come.</summary>
        PeerEnded = 16,

        /// <summary>connect(2) is under way.</summary>
        Connecting = 32,

        /// <summary>Failed for good, with the errno that is kept.</summary>
        Broken = 64,
        Closed = 128,

        /// <summary>This side has ended, or a write has failed with the errno that is kept: what the peer sent before can still be read.</summary>
        WriteEnded = 256,
    }

    /// <inheritdoc/>
    public override Endpoint LocalEndpoint
    {
        get
        {
            if (_local == default && !IsClosed && _descriptor >= 0)
                _local = SocketCalls.LocalEndpoint(_descriptor);
            return _local;
        }
    }

    /// <inheritdoc/>
    public override Endpoint RemoteEndpoint => _remote;

    /// <inheritdoc/>
    public override bool IsClosed => (_state & State.Closed) != 0;

    /// <inheritdoc/>
    public override bool HasPeerEnded => (_state & State.PeerEnded) != 0;

    /// <summary>The socket's descriptor, for what is built on it in this library (TLS).</summary>
    internal int Descriptor => _descriptor;

    /// <inheritdoc/>
    public override IoResult Read(Span<byte> buffer)
    {
        if ((_state & (State.Readable | State.Connecting | State.Broken | State.Closed)) != State.Readable)
            return ReadWaits();
        var result = SocketCalls.Receive(_descriptor, buffer);
        if (!result.IsDone)
            return AfterRead(result);
        if (result.Count < buffer.Length && (_state & State.PeerEnded) == 0)
            _state &= ~State.Readable;
        return result;
    }

    /// <inheritdoc/>
    internal override IoResult Peek(Span<byte> buffer)
    {
        if ((_state & (State.Readable | State.Connecting | State.Broken | State.Closed)) != State.Readable)
            return ReadWaits();
        var result = SocketCalls.Peek(_descriptor, buffer);

        // What is there stays there, so that it is a further edge which tells of more; it must not come before the socket is watched.
        if (result.IsDone)
            Watch();
        return result.IsDone ? result : AfterRead(result);
    }

    /// <inheritdoc/>
    internal override void Announce(in Endpoint remote, in Endpoint local)
    {
        _remote = remote;
        _local = local;
    }

    /// <inheritdoc/>
    public override void Watch()
    {
        if ((_state & (State.Watched | State.Connecting | State.Broken | State.Closed)) == 0)
            Watch(ReadInterest);
    }

    /// <inheritdoc/>
    public override IoResult Write(ReadOnlySpan<byte> data)
    {
        if ((_state & (State.WriteWaits | State.Connecting | State.Broken | State.Closed | State.WriteEnded)) != 0)
            return WriteStops();
        var result = SocketCalls.Send(_descriptor, data);
        return result.IsDone && result.Count == data.Length ? result : AfterShortWrite(result);
    }

    /// <inheritdoc/>
    public override IoResult Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (second.IsEmpty)
            return Write(first);
        if (first.IsEmpty)
            return Write(second);
        if ((_state & (State.WriteWaits | State.Connecting | State.Broken | State.Closed | State.WriteEnded)) != 0)
            return WriteStops();
        var result = SocketCalls.Send(_descriptor, first, second);
        return result.IsDone && result.Count == (long)first.Length + second.Length ? result : AfterShortWrite(result);
    }

    /// <inheritdoc/>
    public override IoResult SendFile(SafeFileHandle file, long offset, long count)
    {
        if ((_state & (State.WriteWaits | State.Connecting | State.Broken | State.Closed | State.WriteEnded)) != 0)
            return WriteStops();
        var result = SocketCalls.SendFile(_descriptor, (int)file.DangerousGetHandle(), offset, count);
        if (result.Count == count || (result.IsDone && result.Count == 0))
            return result;

        if (result.IsFailure && result.Errno is not (Errno.BrokenPipe or Errno.ConnectionReset or Errno.TimedOut or Errno.NotConnected))
            return result;

        // Less than asked: the socket is full, or the file has become shorter and no edge would come. Looking afresh tells one from the other.
        if (result.IsDone && (_state & State.WatchedForWrites) != 0)
            _state &= ~State.WatchedForWrites;
        return AfterShortWrite(result);
    }

    /// <inheritdoc/>
    public override void ShutdownWrite()
    {
        if ((_state & (State.Closed | State.WriteEnded | State.Connecting | State.Broken)) != 0)
            return;
        EndWrites(Errno.AfterShutdown);
        SocketCalls.ShutdownWrite(_descriptor);
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (IsClosed)
            return;
        _state |= State.Closed;
        Reactor.RemoveSource(_data);
        if (_descriptor >= 0)
            SocketCalls.Close(_descriptor);
    }

    /// <inheritdoc/>
    public override void Abort()
    {
        if (!IsClosed && _descriptor >= 0)
            SocketCalls.ResetOnClose(_descriptor);
        Close();
    }

    private IoResult ReadWaits()
    {
        if ((_state & State.Closed) != 0)
            return IoResult.Failure(Errno.BadDescriptor);
        if ((_state & State.Broken) != 0)
            return IoResult.Failure(_errno);
        if ((_state & (State.Connecting | State.Watched)) == 0)
            Watch(ReadInterest);
        return (_state & State.Broken) != 0 ? IoResult.Failure(_errno) : IoResult.WouldBlock;
    }

    private IoResult AfterRead(IoResult result)
    {
        if (result.IsFailure)
            Break(result.Errno);
        if (!result.IsWouldBlock)
            return result;
        _state &= ~State.Readable;
        return ReadWaits();
    }

    private IoResult WriteStops()
    {
        if ((_state & State.Closed) != 0)
            return IoResult.Failure(Errno.BadDescriptor);
        if ((_state & State.Broken) != 0)
            return IoResult.Failure(_errno);
        return (_state & State.WriteEnded) != 0 ? IoResult.Failure(_errno) : IoResult.WouldBlock;
    }

    private IoResult AfterShortWrite(IoResult result)
    {
        if (result.IsFailure)
        {
            // The peer may have answered before it closed (413 to a body that it does not want), so reading goes on until it meets the end itself.
            EndWrites(result.Errno);
            _state |= State.Readable | State.PeerEnded;
            return result;
        }

        _state |= State.WriteWaits;
        if ((_state & State.WatchedForWrites) == 0)
            Watch(BothInterests);
        return (_state & State.Broken) != 0 && !result.IsDone ? IoResult.Failure(_errno) : result;
    }

    private void Watch(uint interests)
    {
        var errno = (_state & State.Watched) == 0
            ? Reactor.Watch(_descriptor, interests, _data)
            : Reactor.Rewatch(_descriptor, interests, _data);
        if (errno != 0)
        {
            // No memory for the epoll entry, or fs.epoll.max_user_watches is reached. The owner may be waiting for an event that cannot come.
            Break(errno);
            Reactor.Post(this);
            return;
        }

        _state |= State.Watched;
        if ((interests & EpollSet.Writable) != 0)
            _state |= State.WatchedForWrites;
    }

    private void EndWrites(int errno)
    {
        _state = (_state | State.WriteEnded) & ~State.WriteWaits;
        _errno = errno;
    }

    private void Break(int errno)
    {
        _state |= State.Broken;
        _errno = errno;
    }
}
