namespace Gatehouse.Host.State;

/// <summary>The folder where a server keeps what must survive it, and its control socket: mode 0700, locked by the one server that owns it.</summary>
public sealed class StateFolder : IDisposable
{
    private readonly FileStream _lock;
    private readonly bool _isTemporary;

    private StateFolder(string path, FileStream locked, bool isTemporary)
    {
        Path = path;
        _lock = locked;
        _isTemporary = isTemporary;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The control socket's path in <paramref name="folder"/>.</summary>
    public static string ControlSocketIn(string folder) => System.IO.Path.Combine(folder, "control.sock");

    /// <summary>The folder when nobody names one: $GATEHOUSE_STATE, else the XDG state folder, else /var/lib/gatehouse.</summary>
    public static string DefaultPath() => Pki.Storage.StatePath.Default();

    /// <summary>Makes and locks the folder at <paramref name="path"/>.</summary>
    /// <exception cref="IOException">Another server owns it, or it cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written to.</exception>
    public static StateFolder Open(string path)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new StateFolder(path, Lock(path), isTemporary: false);
    }

    /// <summary>A folder for this run alone, removed when it ends.</summary>
    public static StateFolder OpenTemporary()
    {
        var path = Directory.CreateTempSubdirectory("gatehouse-state-").FullName;
        return new StateFolder(path, Lock(path), isTemporary: true);
    }

    /// <summary>Unlocks the folder.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        if (_isTemporary)
            Directory.Delete(Path, recursive: true);
    }

    private static FileStream Lock(string path)
    {
        var file = System.IO.Path.Combine(path, "lock");
        try
        {
            var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            stream.SetLength(0);
            stream.Write(System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            stream.Flush();
            return stream;
        }
        catch (IOException exception) when (exception is not DirectoryNotFoundException)
        {
            throw new IOException($"the state folder {path} belongs to a server that is running; choose another with --state, or stop that one (gatehouse stop --state {path})", exception);
        }
    }
}
