using System.Runtime.InteropServices;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Interop;

/// <summary>System calls for single datagrams.</summary>
internal static unsafe class DatagramCalls
{
    /// <summary>recvfrom(2): Done with the length of the datagram, which is more than the buffer's when it was cut (MSG_TRUNC).</summary>
    internal static IoResult Receive(int descriptor, Span<byte> buffer, out Endpoint peer)
    {
        var address = stackalloc byte[SocketAddress.MaxBytes];
        fixed (byte* start = buffer)
        {
            while (true)
            {
                uint length = SocketAddress.MaxBytes;
                var moved = Libc.ReceiveFromFast(
                    descriptor, start, (nuint)buffer.Length, SocketConstants.DontWait | SocketConstants.Truncated, address, &length);
                if (moved >= 0)
                {
                    peer = SocketAddress.Read(new ReadOnlySpan<byte>(address, (int)Math.Min(length, SocketAddress.MaxBytes)));
                    return IoResult.Done((int)moved);
                }

                peer = default;
                var errno = Marshal.GetLastSystemError();
                if (errno != Errno.Interrupted)
                    return errno == Errno.Again ? IoResult.WouldBlock : IoResult.Failure(errno);
            }
        }
    }

    /// <summary>sendto(2); to the connected peer when <paramref name="peer"/> is the default endpoint. A datagram goes out whole or not at all.</summary>
    internal static IoResult Send(int descriptor, ReadOnlySpan<byte> data, in Endpoint peer)
    {
        var address = stackalloc byte[SocketAddress.MaxBytes];
        var none = peer.Address.IsNone;
        var length = none ? 0 : SocketAddress.Write(peer, new Span<byte>(address, SocketAddress.MaxBytes));
        fixed (byte* start = data)
        {
            while (true)
            {
                var moved = Libc.SendToFast(
                    descriptor, start, (nuint)data.Length, SocketConstants.DontWait | SocketConstants.NoSignal, none ? null : address, (uint)length);
                if (moved >= 0)
                    return IoResult.Done((int)moved);
                var errno = Marshal.GetLastSystemError();
                if (errno != Errno.Interrupted)
                    return errno == Errno.Again ? IoResult.WouldBlock : IoResult.Failure(errno);
            }
        }
    }
}
