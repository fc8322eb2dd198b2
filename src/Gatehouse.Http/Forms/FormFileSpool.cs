using System.Security.Cryptography;

namespace Gatehouse.Http.Forms;

/// <summary>Collects a file's content: in memory up to a bound and one read more, past it in a temporary file that only this process can reach.</summary>
internal sealed class FormFileSpool(int memoryBytes, string folder) : IDisposable
{
    private byte[] _buffer = new byte[1024];
    private int _used;
    private FileStream? _file;
    private long _written;

    /// <summary>True when more is in memory than may stay there: <see cref="FlushAsync"/> is due.</summary>
    public bool IsFull => _used > memoryBytes;

    /// <summary>Takes the next bytes of the content into memory.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        if (_used + data.Length > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_used + data.Length, _buffer.Length * 2));
        data.CopyTo(_buffer.AsSpan(_used));
        _used += data.Length;
    }

    /// <summary>Moves what is in memory to the temporary file, which is made when first needed.</summary>
    /// <exception cref="IOException">The file cannot be made or written.</exception>
    public async ValueTask FlushAsync()
    {
        _file ??= Create(folder);
        await RandomAccess.WriteAsync(_file.SafeFileHandle, _buffer.AsMemory(0, _used), _written);
        _written += _used;
        _used = 0;
    }

    /// <summary>The file, which now owns the content.</summary>
    public async ValueTask<FormFile> FinishAsync(string name, string fileName, string? contentType)
    {
        if (_file is null)
            return new FormFile(name, fileName, contentType, new ArraySegment<byte>(_buffer, 0, _used));
        await FlushAsync();
        var spool = new FormFile(name, fileName, contentType, _file, _written);
        _file = null;
        return spool;
    }

    public void Dispose() => _file?.Dispose();

    // Mode 0600, and unlinked at once: no other user can open it, no name is left for anyone to guess, and no crash leaves it behind.
    private static FileStream Create(string folder)
    {
        var path = Path.Combine(folder, "gatehouse-form-" + RandomNumberGenerator.GetHexString(32, lowercase: true));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        File.Delete(path);
        return file;
    }
}
