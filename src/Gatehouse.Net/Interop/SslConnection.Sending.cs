using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Interop;

/// <content>
/// What libssl sends. It hands out record by record, and a system call for each would cost more than the sealing: records are gathered in a buffer of the
/// reactor's and leave together. The connection holds the buffer only as long as there is something in it.
/// </content>
internal sealed unsafe partial class SslConnection
{
    /// <summary>The most that sealing adds to a record: header, explicit nonce or content type, tag (RFC 5246 section 6.2.3, RFC 8446 section 5.2).</summary>
    private const int RecordOverhead = 32;

    // Room that is left for what libssl sends by itself, as the answer to a KeyUpdate.
    private const int Spare = 128;

    private byte[]? _gathered;
    private int _start;
    private int _end;
    private bool _isGathering;

    /// <summary>True while sealed bytes wait for the carrier: they go before all others.</summary>
    internal bool HasSealed => _gathered is not null;

    /// <summary>Gives the carrier what was sealed: Done when it has all of it.</summary>
    internal IoResult Flush()
    {
        while (_start < _end)
        {
            var result = _carrier.Write(_gathered.AsSpan(_start, _end - _start));
            if (!result.IsDone)
                return result;
            _start += result.Count;
        }

        DropSealed();
        return IoResult.Done(0);
    }

    /// <summary>True when a record of so many bytes can be sealed before the next <see cref="Flush"/>.</summary>
    internal bool HasRoomFor(int length) => _gathered is null || _gathered.Length - _end >= length + RecordOverhead + Spare;

    /// <summary>
    /// Seals one record, for which there is room: the bytes taken, or 0 or less, and then <see cref="Step"/> says why. It leaves with <see cref="Flush"/>.
    /// </summary>
    /// <param name="data">The record's bytes.</param>
    /// <param name="total">How many bytes are to be sealed before the next <see cref="Flush"/>, these included: decides how large the buffer is.</param>
    internal int Write(ReadOnlySpan<byte> data, int total)
    {
        _gathered ??= _carrier.Reactor.Buffers.Rent(Math.Min(total + RecordOverhead + Spare, BufferPool.LargeSize));
        var outer = Enter();
        _isGathering = true;
        int moved;
        fixed (byte* start = data)
            moved = LibSsl.Write(_ssl, start, data.Length);
        if (moved <= 0)
            Note(moved);
        Leave(outer);
        return moved;
    }

    internal int WriteCarrier(ReadOnlySpan<byte> data, out bool waits)
    {
        if (_gathered is null)
        {
            var result = _carrier.Write(data);
            waits = result.IsWouldBlock;
            if (result.IsDone)
                return result.Count;
            Errno = result.Errno;
            return -1;
        }

        var count = _isGathering ? Math.Min(data.Length, _gathered.Length - _end) : 0;
        data[..count].CopyTo(_gathered.AsSpan(_end));
        _end += count;
        waits = count == 0;
        return waits ? -1 : count;
    }

    // The buffer goes back when nothing was sealed after all.
    private void Leave(SslConnection? outer)
    {
        _isGathering = false;
        _current = outer;
        if (_start == _end)
            DropSealed();
    }

    // False: Step and Errno say why.
    private bool TryFlush()
    {
        var result = Flush();
        if (result.IsDone)
            return true;
        Errno = result.IsWouldBlock ? 0 : result.Errno;
        Step = result.IsWouldBlock ? SslStep.WantsWrite : SslStep.CarrierFailed;
        return false;
    }

    private void DropSealed()
    {
        if (_gathered is not null)
            _carrier.Reactor.Buffers.Return(_gathered);
        _gathered = null;
        _start = _end = 0;
    }
}
