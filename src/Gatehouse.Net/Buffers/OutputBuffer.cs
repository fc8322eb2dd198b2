using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Buffers;

/// <summary>
/// What one connection still has to send, in order: buffered bytes (heads, small bodies, chunk framing), then one run of bytes that belongs to the
/// handler or one part of a file. Several pipelined answers gather in the buffer and go out in one system call. Owns no buffer while empty.
/// </summary>
public sealed class OutputBuffer(Transport transport) : IReactorWork
{
    /// <summary>A body up to this size is copied behind its head rather than gathered: cheaper than a second part up to about here.</summary>
    public const int CopyLimit = 4096;

    // What goes out before the reactor's other connections get their turn: a peer that reads as fast as we send would otherwise keep it for a whole
    // file. nginx has the same 2 MB (sendfile_max_chunk).
    private const int Burst = 2 * 1024 * 1024;

    private readonly BufferPool _buffers = transport.Reactor.Buffers;
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private ReadOnlyMemory<byte> _data;
    private SafeFileHandle? _file;
    private long _fileOffset;
    private long _fileCount;
    private int _burst;
    private bool _isYielding;

    /// <summary>True while something waits to be sent.</summary>
    public bool HasPending => _end > _start || !_data.IsEmpty || _file is not null;

    /// <summary>True while the handler's own bytes or a file wait: its task must not complete before they are sent.</summary>
    public bool HasForeign => !_data.IsEmpty || _file is not null;

    /// <summary>Bytes in the buffer.</summary>
    public int Buffered => _end - _start;

    /// <summary>Bytes handed to the transport since the connection began.</summary>
    public long Sent { get; private set; }

    /// <summary>The errno of a broken transport, or 0.</summary>
    public int Errno { get; private set; }

    /// <summary>Room for <paramref name="size"/> bytes behind what is buffered; write there, then <see cref="Commit"/>.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_buffer is null)
            _buffer = _buffers.Rent(size);
        else if (_buffer.Length - _end < size)
            MakeRoom(size);
        return _buffer.AsSpan(_end);
    }

    /// <summary>Counts <paramref name="size"/> bytes of the reserved room as written.</summary>
    public void Commit(int size) => _end += size;

    /// <summary>Appends a copy of <paramref name="bytes"/>.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _end += bytes.Length;
    }

    /// <summary>Sends <paramref name="data"/> next, without a copy; it is the caller's until <see cref="HasForeign"/> is false.</summary>
    public void Attach(ReadOnlyMemory<byte> data) => _data = data;

    /// <summary>Sends a part of a file next.</summary>
    public void Attach(SafeFileHandle file, long offset, long count)
    {
        _file = file;
        _fileOffset = offset;
        _fileCount = count;
    }

    /// <summary>
    /// Sends what the transport takes. True when all is sent; false when it must wait for <see cref="ITransportEvents.OnWritable"/> or broke
    /// (<see cref="Errno"/>).
    /// </summary>
    public bool Flush()
    {
        if (_isYielding)
            return !HasPending;
        while (HasPending)
        {
            if (_burst >= Burst)
            {
                Yield();
                return false;
            }
            IoResult result;
            if (_end > _start)
            {
                var buffered = _buffer.AsSpan(_start, _end - _start);
                result = _data.IsEmpty ? transport.Write(buffered) : transport.Write(buffered, _data.Span);
            }
            else if (!_data.IsEmpty)
            {
                result = transport.Write(_data.Span);
            }
            else
            {
                result = transport.SendFile(_file!, _fileOffset, Math.Min(_fileCount, Burst));
                // The file is shorter than the length that was announced, so the answer cannot be finished.
                if (result is { IsDone: true, Count: 0 })
                    result = IoResult.Failure(Net.Errno.InputOutput);
            }

            if (!result.IsDone)
            {
                _burst = 0;
                if (result.IsFailure)
                    Break(result.Errno);
                return false;
            }
            _burst += result.Count;
            Advance(result.Count);
        }
        Release();
        return true;
    }

    /// <summary>The transport is broken: forgets what waits.</summary>
    public void Break(int errno)
    {
        Errno = errno == 0 ? Net.Errno.BrokenPipe : errno;
        _start = _end = 0;
        _data = default;
        _file = null;
        Release();
    }

    /// <summary>The end of the turn in which the burst was used up: sending goes on, as after an edge.</summary>
    void IReactorWork.Run()
    {
        _isYielding = false;
        if (HasPending)
            transport.Events?.OnWritable();
    }

    private void Yield()
    {
        _burst = 0;
        _isYielding = true;
        transport.Reactor.Defer(this);
    }

    private void Advance(int count)
    {
        Sent += count;
        var buffered = Math.Min(count, _end - _start);
        _start += buffered;
        count -= buffered;
        if (_start == _end)
            _start = _end = 0;
        if (count == 0)
            return;
        if (!_data.IsEmpty)
        {
            _data = _data[count..];
            return;
        }
        _fileOffset += count;
        _fileCount -= count;
        if (_fileCount == 0)
            _file = null;
    }

    private void Release()
    {
        if (_buffer is null)
            return;
        _buffers.Return(_buffer);
        _buffer = null;
        _start = _end = 0;
    }

    private void MakeRoom(int size)
    {
        var buffered = _end - _start;
        var target = buffered + size <= _buffer!.Length ? _buffer : _buffers.Rent(Math.Max(buffered + size, _buffer.Length * 2));
        Buffer.BlockCopy(_buffer, _start, target, 0, buffered);
        if (!ReferenceEquals(target, _buffer))
            _buffers.Return(_buffer);
        _buffer = target;
        _start = 0;
        _end = buffered;
    }
}
