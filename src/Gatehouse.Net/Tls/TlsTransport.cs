using Gatehouse.Net.Interop;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Tls;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Tls;

/// <summary>
/// TLS over another transport, with that one's reactor, endpoints and edges. It owns the carrier. An idle connection holds no buffer of libssl
/// (SSL_MODE_RELEASE_BUFFERS).
/// </summary>
public sealed partial class TlsTransport : Transport, ITransportEvents
{
    // Plain bytes of a record: close to the most (RFC 8446 section 5.1), and so that four of them, sealed, fill a large buffer.
    private const int RecordBytes = 16 * 1024 - 64;

    private readonly Transport _carrier;
    private readonly SslConnection _ssl;
    private TlsFacts? _facts;
    private string? _fault;
    private State _state;
    private int _errno;

    // Plain bytes in sealed records that the carrier has not taken whole; the owner, who was not told that they went, brings them again.
    private int _waiting;

    internal TlsTransport(Transport carrier, SslConnection ssl, TlsFacts facts)
        : base(carrier.Reactor)
    {
        _carrier = carrier;
        _ssl = ssl;
        _facts = facts;
        carrier.Events = this;
    }

    [Flags]
    private enum State : ushort
    {
        /// <summary>The client's handshake is under way.</summary>
        Opening = 1,

        /// <summary>A write would wait, and its owner is told when it no longer would.</summary>
        WriteWaits = 2,

        /// <summary>A read must send something first, and the carrier takes no more.</summary>
        ReadWaitsToWrite = 4,

        /// <summary>A write must receive something first.</summary>
        WriteWaitsToRead = 8,

        /// <summary>This side has ended, or a write has failed with the errno that is kept.</summary>
        WriteEnded = 16,

        /// <summary>This side has ended, and close_notify waits for the carrier.</summary>
        EndWaits = 32,

        /// <summary>libssl can go on no more: nothing may be sent, not even the end.</summary>
        Dead = 64,

        /// <summary>Failed for good, with the errno that is kept.</summary>
        Broken = 128,
        Closed = 256,
    }

    /// <inheritdoc/>
    public override Endpoint LocalEndpoint => _carrier.LocalEndpoint;

    /// <inheritdoc/>
    public override Endpoint RemoteEndpoint => _carrier.RemoteEndpoint;

    /// <inheritdoc/>
    public override bool IsClosed => (_state & State.Closed) != 0;

    /// <inheritdoc/>
    public override bool HasPeerEnded => _carrier.HasPeerEnded;

    /// <inheritdoc/>
    public override TlsFacts? Tls => _facts;

    /// <inheritdoc/>
    public override string? Fault => _fault ?? _carrier.Fault;

    /// <inheritdoc/>
    /// <remarks>One call gives the bytes of one record at most.</remarks>
    public override IoResult Read(Span<byte> buffer)
    {
        if ((_state & (State.Opening | State.Broken | State.Closed)) != 0)
            return ReadStops();
        if (buffer.IsEmpty)
            return IoResult.Done(0);
        var moved = _ssl.Read(buffer);
        return moved > 0 ? IoResult.Done(moved) : AfterRead();
    }

    /// <inheritdoc/>
    public override void Watch() => _carrier.Watch();

    /// <inheritdoc/>
    public override IoResult Write(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return IoResult.Done(0);
        return TryContinue(data.Length, out var sent, out var stop) ? SealAndFlush(data[sent..], sent) : stop;
    }

    /// <inheritdoc/>
    public override IoResult Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (second.IsEmpty || first.Length >= RecordBytes)
            return Write(first);
        if (first.IsEmpty)
            return Write(second);
        if (!TryContinue(first.Length + second.Length, out var sent, out var stop))
            return stop;
        if (sent >= first.Length)
            return SealAndFlush(second[(sent - first.Length)..], sent);

        // One record for a head and the beginning of its body.
        first = first[sent..];
        var record = Reactor.Buffers.Rent();
        first.CopyTo(record);
        var rest = Math.Min(RecordBytes - first.Length, second.Length);
        second[..rest].CopyTo(record.AsSpan(first.Length));
        var isSealed = TrySeal(record.AsSpan(0, first.Length + rest), first.Length + second.Length, out stop);
        Reactor.Buffers.Return(record);
        return isSealed ? SealAndFlush(second[rest..], sent + first.Length + rest) : Stopped(sent, stop);
    }

    /// <inheritdoc/>
    public override IoResult SendFile(SafeFileHandle file, long offset, long count)
    {
        if (!TryContinue((int)Math.Min(count, int.MaxValue), out var sent, out var stop))
            return stop;
        var buffer = Reactor.Buffers.RentLarge();
        try
        {
            while (sent < count)
            {
                var chunk = buffer.AsSpan(0, (int)Math.Min(4 * RecordBytes, count - sent));
                var read = RandomAccess.Read(file, chunk, offset + sent);
                if (read == 0)
                    break;
                var result = Write(chunk[..read]);
                if (!result.IsDone)
                    return sent > 0 ? IoResult.Done(sent) : result;
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
    /// <remarks>Sends close_notify, and ends the carrier's side behind it.</remarks>
    public override void ShutdownWrite()
    {
        if ((_state & (State.Closed | State.WriteEnded | State.Opening | State.Broken)) != 0)
            return;
        EndWrites(Errno.AfterShutdown);
        SendEnd();
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (IsClosed)
            return;

        // As much as the carrier takes: who has more to say does not close.
        if ((_state & (State.WriteEnded | State.Opening | State.Broken | State.Dead)) == 0)
            _ = _ssl.Flush().IsDone ? _ssl.Shutdown() : SslStep.WantsWrite;
        Free();
        _carrier.Close();
    }

    /// <inheritdoc/>
    public override void Abort()
    {
        if (IsClosed)
            return;
        Free();
        _carrier.Abort();
    }

    // Sealed records that wait for the carrier go first; the plain bytes in them are the first ones that the caller now brings again. False: the write stops.
    private bool TryContinue(int length, out int sent, out IoResult stop)
    {
        sent = 0;
        stop = default;
        if ((_state & (State.WriteWaits | State.Opening | State.Broken | State.Closed | State.WriteEnded)) != 0)
        {
            stop = WriteStops();
            return false;
        }

        if (!_ssl.HasSealed)
            return true;
        var waiting = _waiting;
        if (!TryFlush(out stop))
            return false;
        sent = Math.Min(waiting, length);
        return true;
    }

    // Seals all of the data behind what was sent or sealed before, and gives the carrier what it takes.
    private IoResult SealAndFlush(ReadOnlySpan<byte> data, int before)
    {
        IoResult stop;
        for (var done = 0; done < data.Length;)
        {
            var length = Math.Min(RecordBytes, data.Length - done);
            if (!TrySeal(data.Slice(done, length), data.Length - done, out stop))
                return Stopped(before + done, stop);
            done += length;
        }

        return TryFlush(out stop) ? IoResult.Done(before + data.Length) : Stopped(before + data.Length, stop);
    }

    // What waits was not sent; if that is all, the write stops, and otherwise the next one will.
    private IoResult Stopped(int taken, IoResult stop) => taken > _waiting ? IoResult.Done(taken - _waiting) : stop;

    private bool TrySeal(ReadOnlySpan<byte> data, int total, out IoResult stop)
    {
        stop = default;
        if (!_ssl.HasRoomFor(data.Length) && !TryFlush(out stop))
            return false;
        if (_ssl.Write(data, total) > 0)
        {
            _waiting += data.Length;
            return true;
        }

        switch (_ssl.Step)
        {
            case SslStep.WantsWrite:
                _state |= State.WriteWaits;
                stop = IoResult.WouldBlock;
                break;
            case SslStep.WantsRead:
                _state |= State.WriteWaits | State.WriteWaitsToRead;
                stop = IoResult.WouldBlock;
                break;
            case SslStep.CarrierFailed:
                stop = FailWrites(_ssl.Errno == 0 ? Errno.BrokenPipe : _ssl.Errno);
                break;
            default:
                _fault = TlsFaults.Describe(_ssl);
                Break(Errno.Protocol);
                stop = IoResult.Failure(Errno.Protocol);
                break;
        }

        return false;
    }

    private bool TryFlush(out IoResult stop)
    {
        stop = _ssl.Flush();
        if (stop.IsDone)
        {
            _waiting = 0;
            return true;
        }

        if (stop.IsWouldBlock)
            _state |= State.WriteWaits;
        else
            stop = FailWrites(stop.Errno);
        return false;
    }

    // What the peer had sent before can still be read, as on a socket.
    private IoResult FailWrites(int errno)
    {
        EndWrites(errno);
        _state |= State.Dead;
        return IoResult.Failure(errno);
    }

    private IoResult AfterRead()
    {
        switch (_ssl.Step)
        {
            case SslStep.WantsRead:
                return IoResult.WouldBlock;
            case SslStep.WantsWrite:
                _state |= State.ReadWaitsToWrite;
                return IoResult.WouldBlock;
            case SslStep.Ended:
                return IoResult.EndOfStream;
            case SslStep.CarrierFailed when _ssl.Errno == 0:
                // Not the peer's end: whoever holds the wire could have cut it (RFC 8446 section 6.1).
                _fault = "the peer ended the connection without close_notify";
                Break(Errno.ConnectionReset);
                return IoResult.Failure(Errno.ConnectionReset);
            case SslStep.CarrierFailed:
                Break(_ssl.Errno);
                return IoResult.Failure(_errno);
            default:
                _fault = TlsFaults.Describe(_ssl);
                Break(Errno.Protocol);
                return IoResult.Failure(Errno.Protocol);
        }
    }

    private IoResult ReadStops() => (_state & State.Closed) != 0 ? IoResult.Failure(Errno.BadDescriptor)
        : (_state & State.Broken) != 0 ? IoResult.Failure(_errno) : IoResult.WouldBlock;

    private IoResult WriteStops() => (_state & State.Closed) != 0 ? IoResult.Failure(Errno.BadDescriptor)
        : (_state & (State.Broken | State.WriteEnded)) != 0 ? IoResult.Failure(_errno) : IoResult.WouldBlock;

    private void SendEnd()
    {
        if (_ssl.Flush().IsWouldBlock || _ssl.Shutdown() == SslStep.WantsWrite)
        {
            _state |= State.EndWaits;
            return;
        }

        _state &= ~State.EndWaits;
        _carrier.ShutdownWrite();
    }

    private void EndWrites(int errno)
    {
        _state = (_state | State.WriteEnded) & ~(State.WriteWaits | State.WriteWaitsToRead);
        _errno = errno;
    }

    private void Break(int errno)
    {
        _state = (_state | State.Broken | State.Dead) & ~State.Opening;
        _errno = errno;
    }

    private void Free()
    {
        _state = (_state | State.Closed) & ~State.Opening;
        _ssl.Free();
    }
}
