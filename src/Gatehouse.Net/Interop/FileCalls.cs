using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Gatehouse.Net.Files;
using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Interop;

/// <summary>File system calls with paths as spans of UTF-8, without a NUL at the end; descriptors come back as numbers, and errors as negated errnos.</summary>
internal static unsafe class FileCalls
{
    /// <summary>The longest path that is passed to the kernel (its PATH_MAX, with the NUL).</summary>
    internal const int MaxPath = 4096;

    private const int OpenAt2 = 437;
    private const uint BasicStats = 0x7FF;
    private const int NoWait = 0x8;

    /// <summary>openat(2); <paramref name="mode"/> is that of a file that it makes.</summary>
    [SkipLocalsInit]
    internal static int OpenAt(int folder, ReadOnlySpan<byte> path, int flags, uint mode = 0)
    {
        var terminated = stackalloc byte[MaxPath + 1];
        if (!Terminate(path, terminated))
            return -Errno.NameTooLong;
        int opened;
        do
            opened = LibcFiles.OpenAt(folder, terminated, flags | OpenConstants.CloseOnExec, mode);
        while (opened < 0 && Marshal.GetLastSystemError() == Errno.Interrupted);
        return opened >= 0 ? opened : -Marshal.GetLastSystemError();
    }

    /// <summary>openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_MAGICLINKS.</summary>
    [SkipLocalsInit]
    internal static int OpenBeneath(int folder, ReadOnlySpan<byte> path, int flags)
    {
        // A rename elsewhere in the tree while ".." of a link is followed gives EAGAIN (openat2(2)).
        const int Attempts = 16;
        var terminated = stackalloc byte[MaxPath + 1];
        if (!Terminate(path, terminated))
            return -Errno.NameTooLong;
        var how = new LibcFiles.OpenHow
        {
            Flags = (ulong)(flags | OpenConstants.CloseOnExec),
            Resolve = OpenConstants.ResolveBeneath | OpenConstants.ResolveNoMagicLinks,
        };
        var errno = 0;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var opened = LibcFiles.SystemCall(OpenAt2, folder, terminated, &how, sizeof(LibcFiles.OpenHow));
            if (opened >= 0)
                return (int)opened;
            errno = Marshal.GetLastSystemError();
            if (errno is not (Errno.Again or Errno.Interrupted))
                break;
        }

        return -errno;
    }

    /// <summary>statx(2) of an open descriptor: 0 or the errno.</summary>
    internal static int Describe(int descriptor, out FileFacts facts)
    {
        byte empty = 0;
        LibcFiles.StatXBuffer buffer;
        var errno = LibcFiles.StatX(descriptor, &empty, OpenConstants.EmptyPath, BasicStats, &buffer) == 0 ? 0 : Marshal.GetLastSystemError();
        facts = errno == 0 ? Facts(buffer) : default;
        return errno;
    }

    /// <summary>statx(2) of a name in a folder, of a link itself when it is one: 0 or the errno.</summary>
    [SkipLocalsInit]
    internal static int DescribeAt(int folder, ReadOnlySpan<byte> name, out FileFacts facts)
    {
        facts = default;
        var terminated = stackalloc byte[MaxPath + 1];
        if (!Terminate(name, terminated))
            return Errno.NameTooLong;
        LibcFiles.StatXBuffer buffer;
        if (LibcFiles.StatX(folder, terminated, OpenConstants.SymlinkNoFollow, BasicStats, &buffer) != 0)
            return Marshal.GetLastSystemError();
        facts = Facts(buffer);
        return 0;
    }

    /// <summary>write(2): the bytes written, or the negated errno.</summary>
    internal static int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            while (true)
            {
                var written = Libc.Write(descriptor, start, (nuint)bytes.Length);
                if (written >= 0)
                    return (int)written;
                var errno = Marshal.GetLastSystemError();
                if (errno != Errno.Interrupted)
                    return -errno;
            }
        }
    }

    /// <summary>getdents64(2): the bytes of the entries, 0 at the end of the folder, or the negated errno.</summary>
    internal static int ReadEntries(int folder, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            var read = LibcFiles.GetEntries(folder, start, (nuint)buffer.Length);
            return read >= 0 ? (int)read : -Marshal.GetLastSystemError();
        }
    }

    /// <summary>preadv2(2) with RWF_NOWAIT: WouldBlock when the bytes are not in memory; EndOfStream at the end of the file.</summary>
    internal static IoResult ReadCached(int descriptor, Span<byte> buffer, long offset)
    {
        fixed (byte* start = buffer)
        {
            var vector = new Libc.IoVector { Base = start, Length = (nuint)buffer.Length };
            while (true)
            {
                var read = LibcFiles.ReadAt(descriptor, &vector, 1, offset, NoWait);
                if (read > 0)
                    return IoResult.Done((int)read);
                if (read == 0)
                    return buffer.IsEmpty ? IoResult.Done(0) : IoResult.EndOfStream;
                var errno = Marshal.GetLastSystemError();
                if (errno == Errno.Interrupted)
                    continue;

                // EOPNOTSUPP: this file system cannot tell, so that whoever asks has to take it for cold.
                return errno is Errno.Again or Errno.NotSupported or Errno.NotImplemented ? IoResult.WouldBlock : IoResult.Failure(errno);
            }
        }
    }

    /// <summary>What and which file is at a path, the link itself when it is one. False when there is none.</summary>
    internal static bool TryIdentify(string path, out FileFacts facts) => DescribeAt(OpenConstants.CurrentFolder, Encoding.UTF8.GetBytes(path), out facts) == 0;

    /// <summary>chmod(2) of a path.</summary>
    internal static void ChangeMode(string path, UnixFileMode mode)
    {
        fixed (byte* start = Encoding.UTF8.GetBytes(path + '\0'))
            _ = LibcFiles.ChangeMode(start, (uint)mode);
    }

    private static bool Terminate(ReadOnlySpan<byte> path, byte* target)
    {
        if (path.Length > MaxPath)
            return false;
        path.CopyTo(new Span<byte>(target, MaxPath));
        target[path.Length] = 0;
        return true;
    }

    private static FileFacts Facts(in LibcFiles.StatXBuffer buffer) => new()
    {
        Kind = (buffer.Mode & OpenConstants.TypeMask) switch
        {
            OpenConstants.TypeRegular => FileKind.Regular,
            OpenConstants.TypeFolder => FileKind.Folder,
            OpenConstants.TypeSymlink => FileKind.Symlink,
            OpenConstants.TypeSocket => FileKind.Socket,
            _ => FileKind.Other,
        },
        IsExecutable = (buffer.Mode & OpenConstants.AnyExecute) != 0,
        Length = (long)buffer.Size,
        ModifiedNanoseconds = (buffer.ModifiedSeconds * 1_000_000_000) + buffer.ModifiedNanoseconds,
        Device = ((ulong)buffer.DeviceMajor << 32) | buffer.DeviceMinor,
        Inode = buffer.Inode,
    };
}
