using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Gatehouse.Net.Interop;

/// <summary>
/// The C library's functions for sockets and epoll, as they are. Those named Fast keep the collector waiting (SuppressGCTransition), which saves the
/// two mode switches of a P/Invoke; they never block, never call back and copy at most <see cref="FastBytes"/>.
/// </summary>
internal static unsafe partial class Libc
{
    /// <summary>The most bytes that a Fast call may copy: some 10 µs, which a collection can wait for.</summary>
    internal const int FastBytes = 64 * 1024;

    [LibraryImport("libc", EntryPoint = "recv")]
    internal static partial nint Receive(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    internal static partial nint Send(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg"), SuppressGCTransition]
    internal static partial nint SendMessageFast(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg")]
    internal static partial nint SendMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "sendmmsg")]
    internal static partial int SendMessages(int descriptor, BatchedMessage* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "recvmmsg")]
    internal static partial int ReceiveMessages(int descriptor, BatchedMessage* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendto"), SuppressGCTransition]
    internal static partial nint SendToFast(int descriptor, byte* buffer, nuint length, int flags, byte* address, uint addressLength);

    [LibraryImport("libc", EntryPoint = "recvfrom"), SuppressGCTransition]
    internal static partial nint ReceiveFromFast(int descriptor, byte* buffer, nuint length, int flags, byte* address, uint* addressLength);

    [LibraryImport("libc", EntryPoint = "sendfile")]
    internal static partial nint SendFile(int socket, int file, long* offset, nuint count);

    [LibraryImport("libc", EntryPoint = "socket")]
    internal static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind")]
    internal static partial int Bind(int descriptor, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "listen")]
    internal static partial int Listen(int descriptor, int backlog);

    [LibraryImport("libc", EntryPoint = "connect")]
    internal static partial int Connect(int descriptor, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "accept4")]
    internal static partial int Accept(int descriptor, byte* address, uint* length, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    internal static partial int Shutdown(int descriptor, int how);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    internal static partial int SetSocketOption(int descriptor, int level, int name, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    internal static partial int GetSocketOption(int descriptor, int level, int name, void* value, uint* length);

    [LibraryImport("libc", EntryPoint = "getsockname")]
    internal static partial int GetSocketName(int descriptor, byte* address, uint* length);

    [LibraryImport("libc", EntryPoint = "fchmod")]
    internal static partial int ChangeMode(int descriptor, uint mode);

    [LibraryImport("libc", EntryPoint = "epoll_create1")]
    internal static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl"), SuppressGCTransition]
    internal static partial int EpollControlFast(int set, int operation, int descriptor, byte* change);

    [LibraryImport("libc", EntryPoint = "epoll_wait"), SuppressGCTransition]
    internal static partial int EpollPollFast(int set, byte* events, int capacity, int zero);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    internal static partial int EpollWait(int set, byte* events, int capacity, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd")]
    internal static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write")]
    internal static partial nint Write(int descriptor, void* buffer, nuint length);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct IoVector
    {
        internal byte* Base;
        internal nuint Length;
    }

    /// <summary>struct msghdr of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MessageHeader
    {
        internal byte* Name;
        internal uint NameLength;
        internal IoVector* Vectors;
        internal nuint VectorCount;
        internal byte* Control;
        internal nuint ControlLength;
        internal int Flags;
    }

    /// <summary>struct mmsghdr: a message, and after the call the bytes that it moved.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct BatchedMessage
    {
        internal MessageHeader Header;
        internal uint Length;
    }
}
