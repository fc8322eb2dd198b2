namespace Gatehouse.Pki.Storage;

/// <summary>
/// Files and folders that their owner alone may read, written so that a reader finds the old content or the new and never a part of it, whatever ends the
/// process or fills the disk.
/// </summary>
public static class OwnFiles
{
    /// <summary>Read and written by the owner.</summary>
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The same, of a folder.</summary>
    public const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>Makes a folder, and those above it that are missing.</summary>
    public static void MakeFolder(string path) => Directory.CreateDirectory(path, FolderMode);

    /// <summary>Replaces the file at <paramref name="path"/>, whose folder exists.</summary>
    /// <exception cref="IOException">It could not be written; the old file is untouched.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode = FileMode)
    {
        var draft = $"{path}.{Guid.NewGuid():N}.draft";
        try
        {
            using (var file = new FileStream(draft, new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    /// <summary>The content of a file; null when there is none.</summary>
    /// <exception cref="IOException">It is longer than <paramref name="limit"/> bytes, or cannot be read.</exception>
    public static byte[]? Read(string path, int limit = 1024 * 1024)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length > limit)
                throw new IOException($"{path} has {length} bytes, expected at most {limit}");
            var content = new byte[length];
            var filled = 0;
            while (filled < content.Length && RandomAccess.Read(file, content.AsSpan(filled), filled) is > 0 and var count)
                filled += count;
            return content[..filled];
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
