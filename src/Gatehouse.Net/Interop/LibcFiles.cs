using System.Runtime.InteropServices;

namespace Gatehouse.Net.Interop;

/// <summary>The C library's functions for files, as they are. None is Fast: each may wait for a disk.</summary>
internal static unsafe partial class LibcFiles
{
    [LibraryImport("libc", EntryPoint = "openat")]
    internal static partial int OpenAt(int folder, byte* path, int flags, uint mode);

    // openat2 has no function in glibc before 2.42 and none in musl; syscall(2) takes it by number (the same on x86-64 and arm64).
    [LibraryImport("libc", EntryPoint = "syscall")]
    internal static partial nint SystemCall(nint number, nint folder, byte* path, OpenHow* how, nint size);

    [LibraryImport("libc", EntryPoint = "statx")]
    internal static partial int StatX(int folder, byte* path, int flags, uint mask, StatXBuffer* buffer);

    [LibraryImport("libc", EntryPoint = "chmod")]
    internal static partial int ChangeMode(byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "preadv2")]
    internal static partial nint ReadAt(int descriptor, Libc.IoVector* vectors, int count, long offset, int flags);

    [LibraryImport("libc", EntryPoint = "getdents64")]
    internal static partial nint GetEntries(int folder, byte* buffer, nuint length);

    /// <summary>struct open_how of openat2(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OpenHow
    {
        internal ulong Flags;
        internal ulong Mode;
        internal ulong Resolve;
    }

    /// <summary>struct statx, which is the same on every architecture, unlike struct stat.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct StatXBuffer
    {
        [FieldOffset(28)]
        internal ushort Mode;

        [FieldOffset(32)]
        internal ulong Inode;

        [FieldOffset(40)]
        internal ulong Size;

        [FieldOffset(112)]
        internal long ModifiedSeconds;

        [FieldOffset(120)]
        internal uint ModifiedNanoseconds;

        [FieldOffset(136)]
        internal uint DeviceMajor;

        [FieldOffset(140)]
        internal uint DeviceMinor;
    }
}
