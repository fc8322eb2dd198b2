using Gatehouse.Net.Files;

namespace Gatehouse.Edge.Logs;

/// <summary>
/// Appends to a file, which is opened by its name and again after <see cref="Reopen"/>. Other processes may append to it too, and a rotation may truncate it;
/// after a write that failed half-way the rest follows.
/// </summary>
internal sealed class FileDestination(string path) : ILogDestination
{
    private AppendFile? _file;
    private int _done;

    public void Write(ReadOnlySpan<byte> lines)
    {
        _file ??= AppendFile.Open(path);
        while (_done < lines.Length)
            _done += _file.Write(lines[_done..]);
        _done = 0;
    }

    public void Reopen()
    {
        _file?.Dispose();
        _file = null;
    }

    public void Dispose() => _file?.Dispose();
}
