using Gatehouse.Net.Interop;

namespace Gatehouse.Net.Files;

/// <summary>How a path beneath a folder is resolved without leaving it.</summary>
internal static class BeneathResolver
{
    private static readonly Lazy<bool> KernelAble = new(Probe);

    /// <summary>True when the kernel has openat2(2) and lets this process use it; asked once.</summary>
    internal static bool IsKernelAble => KernelAble.Value;

    /// <summary>Refuses what is no path beneath a folder: 0 or the errno.</summary>
    internal static int Check(ReadOnlySpan<byte> path)
    {
        if (path.Length >= FileCalls.MaxPath)
            return Errno.NameTooLong;
        if (path.Contains((byte)0))
            return Errno.Invalid;
        if (path.StartsWith((byte)'/'))
            return Errno.CrossDevice;
        for (var rest = path; rest.IndexOf(".."u8) is var at and >= 0; rest = rest[(at + 2)..])
        {
            var start = path.Length - rest.Length + at;
            var startsSegment = start == 0 || path[start - 1] == (byte)'/';
            var endsSegment = start + 2 == path.Length || path[start + 2] == (byte)'/';
            if (startsSegment && endsSegment)
                return Errno.CrossDevice;
        }

        return 0;
    }

    /// <summary>Opens a checked path one segment at a time, following no link: the descriptor or the negated errno.</summary>
    internal static int Walk(int root, ReadOnlySpan<byte> path, int flags)
    {
        var folder = root;
        try
        {
            while (true)
            {
                var slash = path.IndexOf((byte)'/');
                var segment = slash < 0 ? path : path[..slash];
                if (slash < 0)
                    return Open(folder, segment.IsEmpty ? "."u8 : segment, flags);

                // "a//b" and "a/./b" are "a/b" to the kernel, and "a/" is "a" when it is a folder.
                var next = segment.IsEmpty ? folder : FileCalls.OpenAt(folder, segment, OpenConstants.PathOnly | OpenConstants.NoFollow | OpenConstants.Folder);
                if (next < 0)
                    return next == -Errno.NotDirectory && IsLink(folder, segment) ? -Errno.Loop : next;
                if (folder != root && folder != next)
                    SocketCalls.Close(folder);
                folder = next;
                path = path[(slash + 1)..];
            }
        }
        finally
        {
            if (folder != root)
                SocketCalls.Close(folder);
        }
    }

    private static int Open(int folder, ReadOnlySpan<byte> segment, int flags)
    {
        // O_PATH with O_NOFOLLOW opens the link itself (open(2)) instead of failing with ELOOP.
        if ((flags & OpenConstants.PathOnly) != 0 && IsLink(folder, segment))
            return -Errno.Loop;
        var opened = FileCalls.OpenAt(folder, segment, flags | OpenConstants.NoFollow);
        return opened == -Errno.NotDirectory && IsLink(folder, segment) ? -Errno.Loop : opened;
    }

    private static bool IsLink(int folder, ReadOnlySpan<byte> name) =>
        FileCalls.DescribeAt(folder, name, out var facts) == 0 && facts.Kind == FileKind.Symlink;

    private static bool Probe()
    {
        var opened = FileCalls.OpenBeneath(OpenConstants.CurrentFolder, "."u8, OpenConstants.PathOnly);
        if (opened >= 0)
            SocketCalls.Close(opened);

        // ENOSYS from an old kernel, EPERM from a seccomp filter that does not know it. Any other failure is one of the folder.
        return opened is not (-Errno.NotImplemented or -Errno.NotPermitted);
    }
}
