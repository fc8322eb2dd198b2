using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gatehouse.Net.Interop;

/// <summary>
/// The calls that every request makes, by syscall(2): recv(3) and send(3) of the C library are cancellation points, which in a program with threads cost two
/// interlocked operations each. As with the Fast calls of <see cref="Libc"/>, the collector waits: they never block and copy at most <see cref="Libc.FastBytes"/>.
/// </summary>
internal static unsafe partial class SystemCalls
{
    // asm/unistd_64.h, and asm-generic/unistd.h for arm64.
    private static readonly nint ReceiveFrom = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 45 : 207;
    private static readonly nint SendTo = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 44 : 206;

    /// <summary>recvfrom(2) without an address: the bytes received, or -1 and the errno.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nint ReceiveFast(int descriptor, byte* buffer, nint length) => CallFast(ReceiveFrom, descriptor, (nint)buffer, length, 0, 0, 0);

    /// <summary>sendto(2) without an address: the bytes sent, or -1 and the errno.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nint SendFast(int descriptor, byte* buffer, nint length, int flags) => CallFast(SendTo, descriptor, (nint)buffer, length, flags, 0, 0);

    [LibraryImport("libc", EntryPoint = "syscall"), SuppressGCTransition]
    private static partial nint CallFast(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);
}
