using Gatehouse.Http.Content;
using Gatehouse.Http.Dates;
using Gatehouse.Net.Files;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Edge.Files;

/// <summary>
/// What a reactor knows of one path: that it is a folder, or a file with its content (when small) or its open handle, and the field values that answers need.
/// Shared by requests on that reactor; the handle is closed when the entry has left the cache and the last of them is done.
/// </summary>
internal sealed class FileEntry
{
    private int _users;
    private bool _isRetired;

    private FileEntry(FileFacts facts, SafeFileHandle? handle, byte[]? content)
    {
        Facts = facts;
        Handle = handle;
        Content = content;
    }

    /// <summary>What the file system said.</summary>
    public FileFacts Facts { get; }

    /// <summary>The open file; null when <see cref="Content"/> has it all, and for a folder.</summary>
    public SafeFileHandle? Handle { get; }

    /// <summary>The whole content of a small file.</summary>
    public byte[]? Content { get; }

    /// <summary>The value of Content-Type.</summary>
    public byte[] ContentType { get; private init; } = [];

    /// <summary>The value of ETag.</summary>
    public byte[] EntityTag { get; private init; } = [];

    /// <summary>The value of Last-Modified.</summary>
    public byte[] LastModified { get; private init; } = [];

    /// <summary>Compressed siblings, the preferred first; none for most files.</summary>
    public IReadOnlyList<(ContentCoding Coding, FileEntry Entry)> Siblings { get; private init; } = [];

    /// <summary>The codings of <see cref="Siblings"/> and, last, identity.</summary>
    public ContentCoding[] Offered { get; private init; } = [];

    /// <summary>True for a folder.</summary>
    public bool IsFolder => Facts.Kind == FileKind.Folder;

    /// <summary>When the file system was last asked about it (<see cref="Net.Reactors.Reactor.Now"/>).</summary>
    public long CheckedAt { get; set; }

    /// <summary>Until when its bytes are taken to lie in memory (<see cref="Net.Reactors.Reactor.Now"/>).</summary>
    public long WarmUntil { get; set; }

    /// <summary>Set by each use, cleared by the cache's hand.</summary>
    public bool IsUsed { get; set; }

    /// <summary>A folder.</summary>
    public static FileEntry Folder(FileFacts facts) => new(facts, null, null);

    /// <summary>A regular file.</summary>
    public static FileEntry File(
        ReadOnlySpan<byte> path, FileFacts facts, SafeFileHandle? handle, byte[]? content, IReadOnlyList<(ContentCoding Coding, FileEntry Entry)> siblings)
    {
        Span<byte> tag = stackalloc byte[Http.Conditional.EntityTag.MaxFormatted];
        var modified = new byte[HttpDate.Length];
        HttpDate.Format(facts.ModifiedSeconds, modified);
        return new FileEntry(facts, handle, content)
        {
            ContentType = MediaTypes.OfFile(path),
            EntityTag = tag[..Http.Conditional.EntityTag.Format(facts.ModifiedNanoseconds, facts.Length, tag)].ToArray(),
            LastModified = modified,
            Siblings = siblings,
            Offered = siblings.Count == 0 ? [] : [.. siblings.Select(sibling => sibling.Coding), ContentCoding.Identity],
        };
    }

    /// <summary>A request that does not end at once uses the handle.</summary>
    public void Hold() => _users++;

    /// <summary>It has ended.</summary>
    public void Release()
    {
        if (--_users == 0 && _isRetired)
            Close();
    }

    /// <summary>The entry has left the cache.</summary>
    public void Retire()
    {
        foreach (var (_, sibling) in Siblings)
            sibling.Retire();
        _isRetired = true;
        if (_users == 0)
            Close();
    }

    private void Close() => Handle?.Dispose();
}
