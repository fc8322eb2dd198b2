using System.Buffers;
using System.Runtime.InteropServices;
using Gatehouse.Net.Interop;

namespace Gatehouse.Net.Files;

/// <summary>Reads the entries of an open folder.</summary>
internal static class FolderReader
{
    // struct linux_dirent64 (getdents64(2)): inode 8, offset 8, record length 2, type 1, then the name and its NUL.
    private const int LengthOffset = 16;
    private const int NameOffset = 19;

    /// <summary>Adds up to <paramref name="limit"/> entries: 0 or the errno.</summary>
    /// <param name="folder">The folder, open for reading.</param>
    /// <param name="limit">The most entries.</param>
    /// <param name="entries">Where they are added.</param>
    /// <param name="followLink">Tells what a link in the folder leads to, and false when it leads out or nowhere.</param>
    /// <param name="isTruncated">True when there are more.</param>
    internal static int Read(int folder, int limit, ICollection<FolderEntry> entries, TryFollow followLink, out bool isTruncated)
    {
        isTruncated = false;
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            while (true)
            {
                var read = FileCalls.ReadEntries(folder, buffer);
                if (read <= 0)
                    return -read;
                for (var rest = buffer.AsSpan(0, read); rest.Length > NameOffset;)
                {
                    var length = MemoryMarshal.Read<ushort>(rest[LengthOffset..]);
                    var name = rest[NameOffset..length];
                    name = name[..name.IndexOf((byte)0)];
                    rest = rest[length..];
                    if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) || !TryDescribe(folder, name, followLink, out var facts))
                        continue;
                    if (entries.Count >= limit)
                    {
                        isTruncated = true;
                        return 0;
                    }

                    entries.Add(new FolderEntry(name.ToArray(), facts));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool TryDescribe(int folder, ReadOnlySpan<byte> name, TryFollow followLink, out FileFacts facts) =>
        FileCalls.DescribeAt(folder, name, out facts) == 0 && (facts.Kind != FileKind.Symlink || followLink(name, out facts));

    /// <summary>Tells what a link leads to.</summary>
    internal delegate bool TryFollow(ReadOnlySpan<byte> name, out FileFacts facts);
}
