using System.Runtime.InteropServices;
using Gatehouse.Net.Transports;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Interop;

/// <summary>A netlink socket that asks the kernel about sockets (sock_diag(7)).</summary>
internal static unsafe class NetlinkCalls
{
    private const int FamilyNetlink = 16;
    private const int Raw = 3;
    private const int SocketDiagnostics = 4;

    /// <summary>socket(2), close-on-exec: 0 or the errno.</summary>
    internal static int Open(out SafeFileHandle? socket)
    {
        var descriptor = Libc.Socket(FamilyNetlink, Raw | SocketConstants.CloseOnExec, SocketDiagnostics);
        socket = descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
        return descriptor < 0 ? Marshal.GetLastSystemError() : 0;
    }

    /// <summary>send(2) to the kernel.</summary>
    internal static IoResult Send(SafeFileHandle socket, ReadOnlySpan<byte> message)
    {
        fixed (byte* start = message)
        {
            var sent = Libc.Send((int)socket.DangerousGetHandle(), start, (nuint)message.Length, 0);
            return sent >= 0 ? IoResult.Done((int)sent) : IoResult.Failure(Marshal.GetLastSystemError());
        }
    }

    /// <summary>recv(2): one answer of the kernel, which answers at once.</summary>
    internal static IoResult Receive(SafeFileHandle socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var received = Libc.Receive((int)socket.DangerousGetHandle(), start, (nuint)buffer.Length, 0);
                if (received > 0)
                    return IoResult.Done((int)received);
                var errno = received == 0 ? 0 : Marshal.GetLastSystemError();
                if (errno != Errno.Interrupted)
                    return errno == 0 ? IoResult.EndOfStream : IoResult.Failure(errno);
            }
        }
    }
}
