using Gatehouse.Net.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Files;

/// <summary>
/// A folder that is held by its descriptor, and the files beneath it, which no path and no link leads out of: the kernel resolves each path by openat2(2)
/// with RESOLVE_BENEATH. Where that is missing (Linux before 5.6, some sandboxes) a path is walked one O_NOFOLLOW open at a time; then links are refused,
/// also those that stay inside. All members may wait for a disk, so a reactor calls them on an <see cref="IoPool"/>. Thread-safe.
/// </summary>
/// <remarks>
/// Paths are relative, UTF-8, with '/' between segments; the empty path is the root. They are percent-decoded but otherwise as the client sent them: a '..'
/// segment, a leading '/', a NUL and more than 4,095 bytes are refused here, before the kernel sees them.
/// </remarks>
public sealed class FileRoot : IDisposable
{
    private readonly SafeFileHandle _folder;
    private readonly bool _walk;

    private FileRoot(SafeFileHandle folder, bool walk)
    {
        _folder = folder;
        _walk = walk;
    }

    /// <summary>Holds the folder at <paramref name="path"/>; links on the way to it are followed, once.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">It cannot be opened; the message has the system's reason.</exception>
    public static FileRoot Open(string path) => Open(path, walk: !BeneathResolver.IsKernelAble);

    /// <summary>Holds a folder with the resolver chosen: for tests of both.</summary>
    internal static FileRoot Open(string path, bool walk)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(path);
        var opened = bytes.AsSpan().Contains((byte)0)
            ? -Errno.Invalid
            : FileCalls.OpenAt(OpenConstants.CurrentFolder, bytes, OpenConstants.PathOnly | OpenConstants.Folder);
        return opened switch
        {
            >= 0 => new FileRoot(new SafeFileHandle(opened, ownsHandle: true), walk),
            -Errno.NoEntry or -Errno.NotDirectory => throw new DirectoryNotFoundException($"Expected a folder at '{path}': {Errno.Describe(-opened)}."),
            _ => throw new IOException($"Cannot open the folder '{path}': {Errno.Describe(-opened)}."),
        };
    }

    /// <summary>
    /// True for an errno of <see cref="TryOpen"/> and its siblings that says there is nothing to serve at the path: it does not exist, must not be read, leads
    /// out of the root or cannot be a path. Any other (no descriptors, no memory, a broken disk) is not the path's fault.
    /// </summary>
    public static bool IsAbsence(int errno) => errno is Errno.NoEntry or Errno.NotDirectory or Errno.AccessDenied or Errno.Loop or Errno.CrossDevice
        or Errno.NameTooLong or Errno.Invalid or Errno.NoDevice;

    /// <summary>
    /// Opens a file for reading, without waiting for a FIFO's writer. What is not a regular file has its <paramref name="facts"/> told and no handle given.
    /// </summary>
    /// <param name="path">The path beneath the root.</param>
    /// <param name="file">The regular file, whose owner is the caller.</param>
    /// <param name="facts">What was found.</param>
    /// <returns>0; or the errno: ENOENT, ENOTDIR, EACCES, ELOOP, EXDEV when the path leads out, EINVAL for a NUL, ENAMETOOLONG, EMFILE.</returns>
    public int TryOpen(ReadOnlySpan<byte> path, out SafeFileHandle? file, out FileFacts facts)
    {
        file = null;
        facts = default;
        var opened = Resolve(path, OpenConstants.ReadOnly | OpenConstants.NonBlocking | OpenConstants.NoControllingTerminal);
        if (opened < 0)
            return -opened;
        var errno = FileCalls.Describe(opened, out facts);
        if (errno == 0 && facts.Kind == FileKind.Regular)
            file = new SafeFileHandle(opened, ownsHandle: true);
        else
            SocketCalls.Close(opened);
        return errno;
    }

    /// <summary>Tells what is at a path without opening it for reading.</summary>
    /// <returns>0, or the errno as with <see cref="TryOpen"/>.</returns>
    public int TryDescribe(ReadOnlySpan<byte> path, out FileFacts facts)
    {
        facts = default;
        var opened = Resolve(path, OpenConstants.PathOnly);
        if (opened < 0)
            return -opened;
        var errno = FileCalls.Describe(opened, out facts);
        SocketCalls.Close(opened);
        return errno;
    }

    /// <summary>Lists a folder in the file system's order, without '.' and '..', and without links that lead out of the root or nowhere.</summary>
    /// <param name="path">The folder beneath the root.</param>
    /// <param name="limit">The most entries that are given.</param>
    /// <param name="entries">Where they are added.</param>
    /// <param name="isTruncated">True when there are more.</param>
    /// <returns>0, or the errno as with <see cref="TryOpen"/>.</returns>
    public int TryList(ReadOnlySpan<byte> path, int limit, ICollection<FolderEntry> entries, out bool isTruncated)
    {
        isTruncated = false;
        var opened = Resolve(path, OpenConstants.ReadOnly | OpenConstants.Folder);
        if (opened < 0)
            return -opened;
        try
        {
            // A link is resolved from the root, as a request for it would be.
            var prefix = path.IsEmpty || path[^1] == (byte)'/' ? path.ToArray() : [.. path, (byte)'/'];
            return FolderReader.Read(
                opened, limit, entries, (ReadOnlySpan<byte> name, out FileFacts facts) => TryDescribe([.. prefix, .. name], out facts) == 0, out isTruncated);
        }
        finally
        {
            SocketCalls.Close(opened);
        }
    }

    /// <summary>Lets the folder go. Files that were opened stay open.</summary>
    public void Dispose() => _folder.Dispose();

    private int Resolve(ReadOnlySpan<byte> path, int flags)
    {
        var errno = BeneathResolver.Check(path);
        if (errno != 0)
            return -errno;
        var held = false;
        try
        {
            _folder.DangerousAddRef(ref held);
            var folder = (int)_folder.DangerousGetHandle();
            return _walk ? BeneathResolver.Walk(folder, path, flags) : FileCalls.OpenBeneath(folder, path.IsEmpty ? "."u8 : path, flags);
        }
        finally
        {
            if (held)
                _folder.DangerousRelease();
        }
    }
}
