namespace Gatehouse.Dns.Hosts;

/// <summary>
/// A file of the system and what it says, read again when it has changed: looked at when it is used, at most once a second. From any thread.
/// </summary>
/// <typeparam name="T">What it says; immutable.</typeparam>
internal sealed class WatchedFile<T>(string path, Func<string, T> parse)
    where T : class
{
    // What resolver files of people who block advertisements have is some megabytes.
    private const long MaxSize = 64 * 1024 * 1024;

    private readonly Lock _gate = new();
    private T? _value;
    private DateTime _written;
    private long _size = -1;
    private long _nextLook;

    internal string Path => path;

    /// <summary>What it says now; what an empty one says when it is not there or cannot be read.</summary>
    internal T Value
    {
        get
        {
            var value = Volatile.Read(ref _value);
            if (value is not null && Environment.TickCount64 < Volatile.Read(ref _nextLook))
                return value;
            lock (_gate)
                return Look();
        }
    }

    private T Look()
    {
        Volatile.Write(ref _nextLook, Environment.TickCount64 + 1000);
        var file = new FileInfo(path);
        var (written, size) = file.Exists ? (file.LastWriteTimeUtc, file.Length) : (default, 0L);
        if (_value is not null && written == _written && size == _size)
            return _value;
        var text = "";
        try
        {
            if (size <= MaxSize && file.Exists)
                text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The system's resolver goes on without a file that it cannot read, and so does this one.
        }
        (_written, _size) = (written, size);
        var value = parse(text);
        Volatile.Write(ref _value, value);
        return value;
    }
}
