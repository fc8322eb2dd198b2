using System.Diagnostics.CodeAnalysis;
using Gatehouse.Net.Files;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Edge.Files;

/// <summary>
/// The files of one folder, live: what each reactor knows of them survives a reload that keeps the folder. An entry is checked against the file system once a
/// second, and so is the folder itself, so that a change is seen within that.
/// </summary>
internal sealed class FileStore(string folder, bool withSiblings, int reactors)
{
    private const long CheckMilliseconds = 1000;

    private readonly FileCache?[] _caches = new FileCache?[reactors];
    private FileRoot? _root;
    private long _rootCheckedAt;
    private volatile bool _isClosed;

    /// <summary>The folder, opened when first needed, so that one which does not exist yet keeps nothing from starting.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public FileRoot Root
    {
        get
        {
            var now = Reactor.Current!.Now;
            return Volatile.Read(ref _root) is { } root && now - Volatile.Read(ref _rootCheckedAt) < CheckMilliseconds ? root : OpenRoot(now);
        }
    }

    private FileCache Cache => _caches[Reactor.Current!.Index] ??= new FileCache();

    /// <summary>The entry of a path when this reactor has it and it is right.</summary>
    public bool TryGet(ReadOnlySpan<byte> path, [NotNullWhen(true)] out FileEntry? entry) => Cache.TryGet(path, out entry) && IsFresh(path, entry);

    /// <summary>The entry of a path, looked up on the I/O pool where needed; null when nothing can be served there.</summary>
    /// <exception cref="IOException">The folder cannot be opened, or too much waits for the disk.</exception>
    public async ValueTask<FileEntry?> FindAsync(byte[] path)
    {
        if (TryGet(path, out var entry))
            return entry;
        entry = await FileLoader.LoadAsync(Root, path, withSiblings);
        if (entry is null)
        {
            Cache.Remove(path);
            return null;
        }
        entry.CheckedAt = Reactor.Current!.Now;
        // Nobody would empty the cache of a closed store; such an entry lives as long as the one request.
        if (!_isClosed)
            Cache.Set(path, entry);
        return entry;
    }

    /// <summary>No configuration has it any more: closes on each reactor the files that no request sends.</summary>
    public void Close(IReadOnlyList<Reactor> reactors)
    {
        _isClosed = true;
        foreach (var reactor in reactors)
            reactor.Post(static store => ((FileStore)store!).Cache.Clear(), this);
    }

    // Metadata of a path that was used within the last moments is in the kernel's cache: asking for it does not wait.
    private bool IsFresh(ReadOnlySpan<byte> path, FileEntry entry)
    {
        var now = Reactor.Current!.Now;
        if (now - entry.CheckedAt < CheckMilliseconds)
            return true;
        if (!TryRoot(out var root) || root.TryDescribe(path, out var facts) != 0 || !facts.IsSameFile(entry.Facts) || facts.Length != entry.Facts.Length
            || facts.ModifiedNanoseconds != entry.Facts.ModifiedNanoseconds || entry.Siblings.Count > 0)
            return false;
        entry.CheckedAt = now;
        return true;
    }

    private bool TryRoot([NotNullWhen(true)] out FileRoot? root)
    {
        try
        {
            root = Root;
            return true;
        }
        catch (IOException)
        {
            // Who looks the path up next meets the same and tells.
            root = null;
            return false;
        }
    }

    // The folder may be replaced as a whole: a link that is turned to a new release, a build that begins with removing it. A root that is no longer used is
    // left to the finalizer, since the I/O pool may be at work in it.
    private FileRoot OpenRoot(long now)
    {
        var before = Volatile.Read(ref _root);
        try
        {
            var found = FileRoot.Open(folder);
            if (before is not null && before.TryDescribe([], out var was) == 0 && found.TryDescribe([], out var facts) == 0 && facts.IsSameFile(was))
            {
                found.Dispose();
                found = before;
            }
            Volatile.Write(ref _root, found);
            Volatile.Write(ref _rootCheckedAt, now);
            return found;
        }
        catch (IOException)
        {
            Volatile.Write(ref _root, null);
            throw;
        }
    }
}
