using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Transports;

/// <summary>
/// One end of a connection in memory, with the results and edges of a socket and no descriptor: for tests, and for programs that talk to themselves. The
/// two ends may live on different reactors. <see cref="ReadLimit"/> and <see cref="WriteLimit"/> split the stream anywhere.
/// </summary>
public sealed class MemoryTransport : Transport, IReactorWork
{
    private const int ReadableEdge = 1;
    private const int WritableEdge = 2;
    private const int BrokenEdge = 4;
    private readonly Lock _pair;
    private readonly MemoryPipe _incoming;
    private readonly MemoryPipe _outgoing;
    private MemoryTransport? _peer;
    private Endpoint _local;
    private Endpoint _remote;
    private bool _readPaused;
    private bool _writePaused;
    private bool _closed;
    private int _errno;
    private int _edges;

    private MemoryTransport(Reactor reactor, Lock pair, MemoryPipe incoming, MemoryPipe outgoing)
        : base(reactor)
    {
        _pair = pair;
        _incoming = incoming;
        _outgoing = outgoing;
    }

    /// <summary>The most bytes that one read gives. A read that met it says WouldBlock the next time, and an edge follows, as if the rest came later.</summary>
    public int ReadLimit { get; set; } = int.MaxValue;

    /// <summary>The most bytes that one write takes. A write that met it says WouldBlock the next time, and an edge follows.</summary>
    public int WriteLimit { get; set; } = int.MaxValue;

    /// <inheritdoc/>
    public override Endpoint LocalEndpoint => _local;

    /// <inheritdoc/>
    public override Endpoint RemoteEndpoint => _remote;

    /// <inheritdoc/>
    public override bool IsClosed => _closed;

    /// <summary>Makes the two ends of a connection. From any thread.</summary>
    /// <param name="first">The reactor of the first end.</param>
    /// <param name="second">The reactor of the second end; may be the same.</param>
    /// <param name="capacity">Bytes under way in each direction, at most; a socket's are some 64 KB.</param>
    public static (MemoryTransport First, MemoryTransport Second) Pair(Reactor first, Reactor second, int capacity = 64 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        var pair = new Lock();
        var there = new MemoryPipe(capacity);
        var back = new MemoryPipe(capacity);
        var one = new MemoryTransport(first, pair, back, there);
        var other = new MemoryTransport(second, pair, there, back) { _peer = one };
        one._peer = other;
        return (one, other);
    }

    /// <inheritdoc/>
    public override IoResult Read(Span<byte> buffer)
    {
        lock (_pair)
        {
            if (Broken() is { } failure)
                return failure;
            if (_readPaused)
            {
                _readPaused = false;
                Signal(ReadableEdge);
                return IoResult.WouldBlock;
            }

            if (_incoming.Count == 0 && !buffer.IsEmpty)
            {
                _incoming.ReaderWaits = !_incoming.IsEnded;
                return _incoming.IsEnded ? IoResult.EndOfStream : IoResult.WouldBlock;
            }

            var count = _incoming.Take(buffer[..Math.Min(buffer.Length, Math.Max(1, ReadLimit))]);
            _readPaused = count < buffer.Length && _incoming.Count > 0;
            if (_incoming.WriterWaits && count > 0)
            {
                _incoming.WriterWaits = false;
                _peer!.Signal(WritableEdge);
            }

            return IoResult.Done(count);
        }
    }

    /// <inheritdoc/>
    internal override IoResult Peek(Span<byte> buffer)
    {
        lock (_pair)
        {
            if (Broken() is { } failure)
                return failure;
            _incoming.ReaderWaits = !_incoming.IsEnded;
            if (_incoming.Count > 0)
                return IoResult.Done(_incoming.Look(buffer));
            return _incoming.IsEnded ? IoResult.EndOfStream : IoResult.WouldBlock;
        }
    }

    /// <inheritdoc/>
    internal override void Announce(in Endpoint remote, in Endpoint local)
    {
        _remote = remote;
        _local = local;
    }

    /// <inheritdoc/>
    public override IoResult Write(ReadOnlySpan<byte> data) => Write(data, default);

    /// <inheritdoc/>
    public override IoResult Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        lock (_pair)
        {
            if (Broken() is { } failure)
                return failure;
            if (_outgoing.IsEnded)
                return IoResult.Failure(Errno.AfterShutdown);
            if (_outgoing.IsAbandoned)
                return IoResult.Failure(Errno.BrokenPipe);
            if (_outgoing.WriterWaits || _writePaused)
                return IoResult.WouldBlock;

            var limit = Math.Max(1, WriteLimit);
            var count = _outgoing.Put(first[..Math.Min(first.Length, limit)]);
            if (count == first.Length)
                count += _outgoing.Put(second[..Math.Min(second.Length, limit - count)]);
            if (count > 0 && _outgoing.ReaderWaits)
            {
                _outgoing.ReaderWaits = false;
                _peer!.Signal(ReadableEdge);
            }

            if (count == first.Length + second.Length)
                return IoResult.Done(count);

            // When the limit stopped it and not the room, no reader will bring the edge.
            _writePaused = _outgoing.Room > 0;
            _outgoing.WriterWaits = !_writePaused;
            if (_writePaused)
                Signal(WritableEdge);

            return count > 0 ? IoResult.Done(count) : IoResult.WouldBlock;
        }
    }

    /// <inheritdoc/>
    public override IoResult SendFile(SafeFileHandle file, long offset, long count)
    {
        var buffer = Reactor.Buffers.Rent();
        try
        {
            var sent = 0;
            while (sent < count)
            {
                var chunk = buffer.AsSpan(0, (int)Math.Min(buffer.Length, count - sent));
                var read = RandomAccess.Read(file, chunk, offset + sent);
                if (read == 0)
                    break;
                var result = Write(chunk[..read]);
                if (!result.IsDone)
                    return sent > 0 && result.IsWouldBlock ? IoResult.Done(sent) : result;
                sent += result.Count;
                if (result.Count < read)
                    break;
            }

            return IoResult.Done(sent);
        }
        finally
        {
            Reactor.Buffers.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public override void ShutdownWrite()
    {
        lock (_pair)
        {
            if (!_closed)
                EndOutgoing();
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        lock (_pair)
        {
            if (_closed)
                return;
            _closed = true;
            EndOutgoing();
            _incoming.IsAbandoned = true;
            if (_incoming.WriterWaits)
            {
                _incoming.WriterWaits = false;
                _peer!.Signal(WritableEdge);
            }
        }
    }

    /// <inheritdoc/>
    public override void Abort()
    {
        lock (_pair)
        {
            if (_closed)
                return;
            _closed = true;
            _peer!._errno = Errno.ConnectionReset;
            _peer.Signal(BrokenEdge);
        }
    }

    void IReactorWork.Run()
    {
        var edges = Interlocked.Exchange(ref _edges, 0);
        if ((edges & BrokenEdge) != 0 && !_closed)
        {
            Events?.OnBroken(_errno);
            return;
        }

        if ((edges & WritableEdge) != 0 && !_closed)
        {
            _writePaused = false;
            Events?.OnWritable();
        }

        if ((edges & ReadableEdge) != 0 && !_closed)
            Events?.OnReadable();
    }

    private void EndOutgoing()
    {
        _outgoing.IsEnded = true;
        if (!_outgoing.ReaderWaits)
            return;
        _outgoing.ReaderWaits = false;
        _peer!.Signal(ReadableEdge);
    }

    private IoResult? Broken()
    {
        if (_closed)
            return IoResult.Failure(Errno.BadDescriptor);
        return _errno != 0 ? IoResult.Failure(_errno) : null;
    }

    private void Signal(int edge)
    {
        if (Interlocked.Or(ref _edges, edge) == 0)
            Reactor.TryPost(this);
    }
}
