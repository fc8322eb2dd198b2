namespace Gatehouse.Gateways.Supervision;

/// <summary>Tells, once things have been quiet for a moment, that source files below a folder have changed.</summary>
internal sealed class FolderWatch : IDisposable
{
    // An editor writes, renames and touches within a few milliseconds; a checkout of many files goes on for longer.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    private readonly FileSystemWatcher _watcher;
    private readonly Timer _timer;

    private FolderWatch(FileSystemWatcher watcher, Action changed)
    {
        _watcher = watcher;
        _timer = new Timer(_ => changed());
    }

    /// <summary>Watches files of <paramref name="pattern"/>.</summary>
    /// <exception cref="IOException">The system's limit of watches is reached.</exception>
    public static FolderWatch Start(string folder, string pattern, Action changed)
    {
        var watcher = new FileSystemWatcher(folder, pattern) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName };
        var watch = new FolderWatch(watcher, changed);
        watcher.Changed += (_, _) => watch.Touch();
        watcher.Created += (_, _) => watch.Touch();
        watcher.Deleted += (_, _) => watch.Touch();
        watcher.Renamed += (_, _) => watch.Touch();
        watcher.EnableRaisingEvents = true;
        return watch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watcher.Dispose();
        _timer.Dispose();
    }

    private void Touch() => _timer.Change(Quiet, Timeout.InfiniteTimeSpan);
}
