using Gatehouse.Net.Reactors;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Files;

/// <summary>
/// A temporary file that bytes are appended to on the I/O pool and sent from: where bodies go that are too large to be kept in memory. It has no name, so
/// nothing is left behind however the process ends. Used from one reactor, one append at a time.
/// </summary>
public sealed class SpoolFile : IDisposable
{
    private readonly Append _append;

    private SpoolFile(SafeFileHandle handle)
    {
        Handle = handle;
        _append = new Append(this);
    }

    /// <summary>The open file.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Bytes appended so far.</summary>
    public long Length { get; private set; }

    /// <summary>Makes an empty file in the folder for temporary files, readable by its owner alone, and takes its name away.</summary>
    /// <exception cref="IOException">The folder is full or cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written to.</exception>
    public static SpoolFile Create()
    {
        var path = Path.Combine(Path.GetTempPath(), $"gatehouse-{Guid.NewGuid():n}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            BufferSize = 0,
        };
        if (OperatingSystem.IsLinux())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var stream = new FileStream(path, options);
        File.Delete(path);
        return new SpoolFile(stream.SafeFileHandle);
    }

    /// <summary>Appends all of <paramref name="data"/>; on a reactor, where it resumes.</summary>
    /// <exception cref="IOException">The disk is full or failed, or too much waits for it.</exception>
    public ValueTask AppendAsync(ReadOnlyMemory<byte> data) => _append.Start(data);

    /// <summary>Frees the file.</summary>
    public void Dispose() => Handle.Dispose();

    private sealed class Append(SpoolFile file) : IoWork
    {
        private readonly ReactorWait<bool> _done = new();
        private ReadOnlyMemory<byte> _data;

        public ValueTask Start(ReadOnlyMemory<byte> data)
        {
            _data = data;
            _done.Begin(resumeInline: true);
            var completion = _done.Completion;
            if (!IoPool.Shared.TryRun(this, Reactor.Current!))
                _done.SetException(new IOException("too much waits for the disk"));
            return completion;
        }

        protected override void Execute() => RandomAccess.Write(file.Handle, _data.Span, file.Length);

        protected override void Complete(Exception? failure)
        {
            if (failure is not null)
            {
                _done.SetException(failure);
                return;
            }
            file.Length += _data.Length;
            _data = default;
            _done.SetResult(true);
        }
    }
}
