using System.Text;

namespace Gatehouse.Http.Forms;

/// <summary>
/// A file that came with a form: in memory when small, else in a temporary file that has no name any more and ends with this object or the process.
/// </summary>
public sealed class FormFile : IDisposable
{
    private const int MaxSafeNameBytes = 255;

    private readonly ArraySegment<byte> _content;
    private readonly FileStream? _spool;

    internal FormFile(string name, string fileName, string? contentType, ArraySegment<byte> content)
    {
        (Name, FileName, ContentType, Length) = (name, fileName, contentType, content.Count);
        _content = content;
    }

    internal FormFile(string name, string fileName, string? contentType, FileStream spool, long length)
    {
        (Name, FileName, ContentType, Length) = (name, fileName, contentType, length);
        _spool = spool;
    }

    /// <summary>The name of the form's field.</summary>
    public string Name { get; }

    /// <summary>The file's name as the client sent it: it may be a path, or anything else. Never open a file by it; see <see cref="SafeFileName"/>.</summary>
    public string FileName { get; }

    /// <summary>The media type that the client claims; null when it does not.</summary>
    public string? ContentType { get; }

    /// <summary>Length in bytes.</summary>
    public long Length { get; }

    /// <summary>True when the content is in a temporary file, false when it is in memory.</summary>
    public bool IsSpooled => _spool is not null;

    /// <summary>A stream of the content from its start; any number of them may be open, each with its own position, until this object is disposed.</summary>
    public Stream OpenRead() =>
        _spool is null ? new MemoryStream(_content.Array!, _content.Offset, _content.Count, writable: false) : new SpoolStream(_spool.SafeFileHandle, Length);

    /// <summary>
    /// A name that a file in a folder may have, made from <see cref="FileName"/>: what is behind the last slash or backslash, without control characters and
    /// characters that file systems give a meaning, without dots and white space at its ends, no longer than 255 bytes; "unnamed" when nothing is left.
    /// It says nothing of the extension: "x.php" stays "x.php".
    /// </summary>
    public string SafeFileName()
    {
        var name = FileName.AsSpan();
        name = name[(name.LastIndexOfAny('/', '\\') + 1)..];
        var safe = new StringBuilder(Math.Min(name.Length, MaxSafeNameBytes));
        var bytes = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune.Value is ':' or '*' or '?' or '"' or '<' or '>' or '|')
                continue;
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxSafeNameBytes)
                break;
            safe.Append(rune);
        }
        var (start, end) = (0, safe.Length);
        while (start < end && IsDotOrSpace(safe[start]))
            start++;
        while (end > start && IsDotOrSpace(safe[end - 1]))
            end--;
        return start == end ? "unnamed" : safe.ToString(start, end - start);
    }

    /// <inheritdoc/>
    public void Dispose() => _spool?.Dispose();

    private static bool IsDotOrSpace(char c) => c == '.' || char.IsWhiteSpace(c);
}
