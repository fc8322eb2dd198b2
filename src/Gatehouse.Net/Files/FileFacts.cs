namespace Gatehouse.Net.Files;

/// <summary>What the file system says of a file at one moment (statx(2)).</summary>
public readonly record struct FileFacts
{
    /// <summary>What it is.</summary>
    public FileKind Kind { get; init; }

    /// <summary>True when somebody may execute it.</summary>
    public bool IsExecutable { get; init; }

    /// <summary>Bytes of a regular file.</summary>
    public long Length { get; init; }

    /// <summary>When its content changed last, in nanoseconds since 1970-01-01 UTC.</summary>
    public long ModifiedNanoseconds { get; init; }

    /// <summary>Its device, major number in the high 32 bits.</summary>
    public ulong Device { get; init; }

    /// <summary>Its inode on that device.</summary>
    public ulong Inode { get; init; }

    /// <summary>When its content changed last, in whole seconds since 1970-01-01 UTC, as Last-Modified says it.</summary>
    public long ModifiedSeconds => (ModifiedNanoseconds - (ModifiedNanoseconds < 0 ? 999_999_999 : 0)) / 1_000_000_000;

    /// <summary>True when both are the same file, whatever its content.</summary>
    public bool IsSameFile(in FileFacts other) => Device == other.Device && Inode == other.Inode;
}
