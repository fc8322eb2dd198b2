namespace Gatehouse.Net.Files;

/// <summary>What a name in a folder stands for.</summary>
public enum FileKind : byte
{
    /// <summary>A FIFO, a device, or nothing that is known.</summary>
    Other,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link that was not followed.</summary>
    Symlink,

    /// <summary>A Unix socket.</summary>
    Socket,
}
