using System.Buffers;
using Gatehouse.Net.Reactors;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Files;

/// <summary>
/// Has a part of a file read on the I/O pool, so that a reactor that sends it next finds it in memory and waits for no disk. Used from one reactor, one part at
/// a time.
/// </summary>
public sealed class FileReadAhead : IoWork
{
    private const int Piece = 128 * 1024;

    private readonly ReactorWait<bool> _done = new();
    private readonly SafeFileHandle _file;
    private long _offset;
    private long _count;

    /// <summary>Reads of <paramref name="file"/>, which must stay open while a part is read.</summary>
    public FileReadAhead(SafeFileHandle file) => _file = file;

    /// <summary>Reads a part; resumes on the reactor that it was called on. At the end of the file it ends early.</summary>
    /// <exception cref="IOException">The disk failed, or too much waits for it.</exception>
    public ValueTask ReadAsync(long offset, long count)
    {
        _offset = offset;
        _count = count;
        _done.Begin(resumeInline: true);
        var completion = _done.Completion;
        if (!IoPool.Shared.TryRun(this, Reactor.Current!))
            _done.SetException(new IOException("too much waits for the disk"));
        return completion;
    }

    /// <inheritdoc/>
    protected override void Execute()
    {
        // The bytes are not wanted here, only that they come into the kernel's cache: readahead(2) does not wait for them.
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            for (var end = _offset + _count; _offset < end;)
            {
                var read = RandomAccess.Read(_file, buffer.AsSpan(0, (int)Math.Min(Piece, end - _offset)), _offset);
                if (read == 0)
                    return;
                _offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    protected override void Complete(Exception? failure)
    {
        if (failure is not null)
            _done.SetException(failure);
        else
            _done.SetResult(true);
    }
}
