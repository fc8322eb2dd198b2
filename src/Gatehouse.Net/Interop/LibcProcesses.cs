using System.Runtime.InteropServices;

namespace Gatehouse.Net.Interop;

/// <summary>The C library's functions for processes and for what is shared with them, as they are.</summary>
internal static unsafe partial class LibcProcesses
{
    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    internal static partial int Spawn(int* pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int ActionsInit(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int ActionsDestroy(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    internal static partial int ActionsAddDuplicate(void* actions, int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    internal static partial int ActionsAddChangeFolder(void* actions, byte* path);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    internal static partial int ActionsAddCloseFrom(void* actions, int first);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    internal static partial int AttributesInit(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    internal static partial int AttributesDestroy(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int AttributesSetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    internal static partial int AttributesSetGroup(void* attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    internal static partial int AttributesSetDefaults(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    internal static partial int AttributesSetMask(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "waitid")]
    internal static partial int Wait(int kind, int id, void* information, int options);

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "prlimit")]
    internal static partial int Limit(int process, int resource, ResourceLimit* wanted, ResourceLimit* found);

    // pidfd_open and pidfd_send_signal have functions in glibc since 2.36 only; their numbers are the same everywhere.
    [LibraryImport("libc", EntryPoint = "syscall")]
    internal static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc", EntryPoint = "pipe2")]
    internal static partial int Pipe(int* descriptors, int flags);

    [LibraryImport("libc", EntryPoint = "socketpair")]
    internal static partial int SocketPair(int family, int type, int protocol, int* descriptors);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    internal static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "read")]
    internal static partial nint Read(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "recvmsg")]
    internal static partial nint ReceiveMessage(int descriptor, Libc.MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg"), SuppressGCTransition]
    internal static partial nint ReceiveMessageFast(int descriptor, Libc.MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "memfd_create")]
    internal static partial int MemoryFile(byte* name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    internal static partial int Truncate(int descriptor, long length);

    [LibraryImport("libc", EntryPoint = "mmap")]
    internal static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    internal static partial int Unmap(void* address, nuint length);

    /// <summary>struct rlimit of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ResourceLimit
    {
        internal ulong Soft;
        internal ulong Hard;
    }
}
