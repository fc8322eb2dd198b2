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
    // Plain bytes of the largest record (RFC 8446 section 5.1).
    private const int RecordBytes = 16 * 1024;

    // What a record that is on its way is retried with: libssl has made it and looks at the length only.
    private static readonly byte[] AnyRecord = GC.AllocateArray<byte>(RecordBytes, pinned: true);

    private readonly Transport _carrier;
    private readonly SslConnection _ssl;
    private TlsFacts? _facts;
    private string? _fault;
    private State _state;
    private int _errno;
    private int _record;

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
        if (!TryContinue(data.Length, out var sent, out var stop))
            return stop;
        while (sent < data.Length)
        {
            var length = Math.Min(RecordBytes, data.Length - sent);
            if (!TryRecord(data.Slice(sent, length), out stop))
                return sent > 0 ? IoResult.Done(sent) : stop;
            sent += length;
        }

        return IoResult.Done(sent);
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
            return After(sent, Write(second[(sent - first.Length)..]));

        // One record for a head and the beginning of its body.
        first = first[sent..];
        var record = Reactor.Buffers.Rent();
        first.CopyTo(record);
        var rest = Math.Min(RecordBytes - first.Length, second.Length);
        second[..rest].CopyTo(record.AsSpan(first.Length));
        var isSent = TryRecord(record.AsSpan(0, first.Length + rest), out stop);
        Reactor.Buffers.Return(record);
        if (!isSent)
            return sent > 0 ? IoResult.Done(sent) : stop;
        return After(sent + first.Length + rest, Write(second[rest..]));
    }

    /// <inheritdoc/>
    public override IoResult SendFile(SafeFileHandle file, long offset, long count)
    {
        if (!TryContinue((int)Math.Min(count, RecordBytes), out var sent, out var stop))
            return stop;
        var buffer = Reactor.Buffers.RentLarge();
        try
        {
            while (sent < count)
            {
                var chunk = buffer.AsSpan(0, (int)Math.Min(buffer.Length, count - sent));
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
            _ = _ssl.Shutdown();
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

    private static IoResult After(int sent, IoResult next) => IoResult.Done(sent + next.Count);

    // A record that waited for the carrier goes first; the bytes that it holds are the first ones that the caller now brings again. False: the write stops.
    private bool TryContinue(int length, out int sent, out IoResult stop)
    {
        sent = 0;
        stop = default;
        if ((_state & (State.WriteWaits | State.Opening | State.Broken | State.Closed | State.WriteEnded)) != 0)
        {
            stop = WriteStops();
            return false;
        }

        if (_record == 0)
            return true;
        var record = _record;
        if (!TryRecord(AnyRecord.AsSpan(0, record), out stop))
            return false;
        sent = Math.Min(record, length);
        return true;
    }

    private bool TryRecord(ReadOnlySpan<byte> data, out IoResult stop)
    {
        if (_ssl.Write(data) > 0)
        {
            _record = 0;
            stop = default;
            return true;
        }

        switch (_ssl.Step)
        {
            case SslStep.WantsWrite:
                _record = data.Length;
                _state |= State.WriteWaits;
                stop = IoResult.WouldBlock;
                break;
            case SslStep.WantsRead:
                _record = data.Length;
                _state |= State.WriteWaits | State.WriteWaitsToRead;
                stop = IoResult.WouldBlock;
                break;
            case SslStep.CarrierFailed:
                // What the peer had sent before can still be read, as on a socket.
                EndWrites(_ssl.Errno == 0 ? Errno.BrokenPipe : _ssl.Errno);
                _state |= State.Dead;
                stop = IoResult.Failure(_errno);
                break;
            default:
                _fault = TlsFaults.Describe(_ssl);
                Break(Errno.Protocol);
                stop = IoResult.Failure(Errno.Protocol);
                break;
        }

        return false;
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
        _state &= ~State.EndWaits;
        switch (_ssl.Shutdown())
        {
            case SslStep.WantsWrite:
                _state |= State.EndWaits;
                break;
            default:
                _carrier.ShutdownWrite();
                break;
        }
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
