namespace Gatehouse.Edge.Logs;

/// <summary>
/// Appends to a file, which is opened by its name and again after <see cref="Reopen"/>. Each write starts at the file's end as it is then, so that a rotation
/// by truncation works too; a write that failed half-way is repeated from its start.
/// </summary>
internal sealed class FileDestination(string path) : ILogDestination
{
    private FileStream? _file;
    private long _failedAt = -1;

    public void Write(ReadOnlySpan<byte> lines)
    {
        _file ??= Open();
        if (!_file.CanSeek)
        {
            _file.Write(lines);
            return;
        }
        var end = RandomAccess.GetLength(_file.SafeFileHandle);
        var start = _failedAt >= 0 && _failedAt < end ? _failedAt : end;
        _failedAt = start;
        RandomAccess.Write(_file.SafeFileHandle, lines, start);
        _failedAt = -1;
    }

    public void Reopen()
    {
        _file?.Dispose();
        _file = null;
        _failedAt = -1;
    }

    public void Dispose() => _file?.Dispose();

    // No buffer of its own: what arrives is filled already, and after an error it must not be in two places.
    private FileStream Open() => new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
