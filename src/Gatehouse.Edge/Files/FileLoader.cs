using Gatehouse.Http.Content;
using Gatehouse.Net;
using Gatehouse.Net.Files;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Edge.Files;

/// <summary>Looks at a path on the I/O pool and makes its <see cref="FileEntry"/>: opens, metadata and the reading of small files may all wait for a disk.</summary>
internal sealed class FileLoader : IoWork
{
    /// <summary>
    /// Files up to this size are kept in memory: sending a copy is cheaper than sendfile, and no descriptor is held. Beyond, sendfile's page references win.
    /// </summary>
    public const int InMemory = 16 * 1024;

    // A tree that changes while the kernel walks it is walked anew (EAGAIN of openat2(2)); each of these is a whole round of FileRoot's own.
    private const int MostTries = 16;

    private static readonly (ContentCoding Coding, byte[] Suffix)[] Suffixes =
        [(ContentCoding.Brotli, ".br"u8.ToArray()), (ContentCoding.Zstandard, ".zst"u8.ToArray()), (ContentCoding.Gzip, ".gz"u8.ToArray())];

    private readonly ReactorWait<FileEntry?> _done = new();
    private readonly FileRoot _root;
    private readonly byte[] _path;
    private readonly bool _withSiblings;
    private FileEntry? _entry;

    private FileLoader(FileRoot root, byte[] path, bool withSiblings)
    {
        _root = root;
        _path = path;
        _withSiblings = withSiblings;
    }

    /// <summary>Loads the entry of <paramref name="path"/> beneath <paramref name="root"/>; null when nothing can be served there.</summary>
    /// <exception cref="IOException">Too much waits for the disk.</exception>
    public static ValueTask<FileEntry?> LoadAsync(FileRoot root, byte[] path, bool withSiblings)
    {
        var loader = new FileLoader(root, path, withSiblings);
        loader._done.Begin(resumeInline: true);
        return IoPool.Shared.TryRun(loader, Reactor.Current!) ? loader._done.Task : throw new IOException("too many files wait to be opened");
    }

    protected override void Execute() => _entry = Open(_path, _path, _withSiblings);

    protected override void Complete(Exception? failure)
    {
        if (failure is not null)
            _done.SetException(failure);
        else
            _done.SetResult(_entry);
    }

    // nameForType is the plain file's: NAME.css.gz is sent as NAME.css with a coding.
    private FileEntry? Open(byte[] path, byte[] nameForType, bool withSiblings)
    {
        var errno = _root.TryOpen(path, out var handle, out var facts);
        for (var tries = 1; errno == Errno.Again && tries < MostTries; tries++)
            errno = _root.TryOpen(path, out handle, out facts);
        if (errno != 0)
            return FileRoot.IsAbsence(errno) ? null : throw new IOException($"a file cannot be opened: {Errno.Describe(errno)}");
        if (facts.Kind == FileKind.Folder)
            return FileEntry.Folder(facts);
        if (handle is null)
            return null;
        var siblings = withSiblings ? Siblings(facts) : [];
        if (facts.Length > InMemory)
            return FileEntry.File(nameForType, facts, handle, null, siblings);
        using (handle)
        {
            var content = new byte[facts.Length];
            var read = 0;
            while (read < content.Length)
            {
                var count = RandomAccess.Read(handle, content.AsSpan(read), read);
                if (count == 0)
                    break;
                read += count;
            }
            // A file that shrank between the two looks is as long as it was found to be.
            return FileEntry.File(nameForType, facts with { Length = read }, null, content[..read], siblings);
        }
    }

    private List<(ContentCoding Coding, FileEntry Entry)> Siblings(FileFacts plain)
    {
        var found = new List<(ContentCoding, FileEntry)>();
        foreach (var (coding, suffix) in Suffixes)
        {
            if (Open([.. _path, .. suffix], _path, withSiblings: false) is not { IsFolder: false } entry)
                continue;
            if (entry.Facts.ModifiedNanoseconds >= plain.ModifiedNanoseconds)
                found.Add((coding, entry));
            else
                entry.Retire();
        }
        return found;
    }
}
