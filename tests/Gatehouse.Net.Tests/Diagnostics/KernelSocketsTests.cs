using CsCheck;
using Gatehouse.Net.Diagnostics;

namespace Gatehouse.Net.Tests.Diagnostics;

public sealed class KernelSocketsTests
{
    [Fact]
    public void Any_bytes_are_a_socket_or_none() =>
        Gen.Byte.Array[0, 300].Select(Gen.Bool).Sample((bytes, isTcp) =>
        {
            var socket = KernelSockets.Parse(bytes, isTcp);
            return socket is null ? bytes.Length < 72 || bytes[0] is not (2 or 10) : socket.IsTcp == isTcp;
        });

    [Fact]
    public void A_message_is_read_as_the_kernel_lays_it_out()
    {
        var message = new byte[72 + 4 + 104];
        message[0] = 2;
        message[1] = 10;
        (message[4], message[5]) = (0x1f, 0x90);
        message[8] = 127;
        message[11] = 1;
        message[56] = 3;
        message[60] = 128;
        message[68] = 77;
        (message[72], message[74]) = (108, 2);
        message[76 + 68] = 200;
        message[76 + 100] = 5;
        var socket = KernelSockets.Parse(message, isTcp: true)!;
        Assert.Equal(("127.0.0.1:8080", SocketState.Listen, 3u, 128u, 77u), (socket.Local.ToString(), socket.State, socket.ReceiveQueue, socket.SendQueue, socket.Inode));
        Assert.Equal((200.0, 5u), (socket.RoundTrip.TotalMicroseconds, socket.Retransmits));
    }
}
