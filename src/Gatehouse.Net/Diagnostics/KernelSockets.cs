using System.Buffers.Binary;
using Gatehouse.Net.Interop;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Diagnostics;

/// <summary>Asks the kernel for its sockets by netlink (sock_diag(7)): one dump for each family and protocol, without the text of /proc/net.</summary>
public static class KernelSockets
{
    private const byte FamilyV4 = 2;
    private const byte FamilyV6 = 10;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    private const int HeaderBytes = 16;
    private const int RequestBytes = HeaderBytes + 56;
    private const int MessageBytes = 72;
    private const ushort Error = 2;
    private const ushort Done = 3;
    private const ushort ByFamily = 20;
    private const ushort RequestDump = 0x301;
    private const ushort InfoAttribute = 2;

    /// <summary>The sockets of this network namespace.</summary>
    /// <param name="tcp">True for those of TCP.</param>
    /// <param name="udp">True for those of UDP.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The kernel does not say; the message tells why.</exception>
    public static List<KernelSocket> List(bool tcp, bool udp)
    {
        var errno = NetlinkCalls.Open(out var socket);
        if (socket is null)
            throw Errno.ToException(errno, "The kernel was not asked for its sockets");
        using (socket)
        {
            var found = new List<KernelSocket>();
            foreach (var (protocol, isWanted) in (ReadOnlySpan<(byte, bool)>)[(Tcp, tcp), (Udp, udp)])
            {
                if (!isWanted)
                    continue;
                Dump(socket, FamilyV4, protocol, found);
                Dump(socket, FamilyV6, protocol, found);
            }
            return found;
        }
    }

    /// <summary>Reads one message of the kernel (struct inet_diag_msg and its attributes); null when it is too short or of another family.</summary>
    internal static KernelSocket? Parse(ReadOnlySpan<byte> message, bool isTcp)
    {
        if (message.Length < MessageBytes || message[0] is not (FamilyV4 or FamilyV6))
            return null;
        var size = message[0] == FamilyV4 ? 4 : 16;
        var local = new Endpoint(IpAddress.FromBytes(message.Slice(8, size)), BinaryPrimitives.ReadUInt16BigEndian(message[4..]));
        var remote = new Endpoint(IpAddress.FromBytes(message.Slice(24, size)), BinaryPrimitives.ReadUInt16BigEndian(message[6..]));
        var (roundTrip, retransmits) = isTcp ? Info(message[MessageBytes..]) : default;
        return new KernelSocket(
            isTcp, (SocketState)message[1], local, remote, Word(message, 56), Word(message, 60), Word(message, 64), Word(message, 68), roundTrip, retransmits);
    }

    private static void Dump(SafeFileHandle socket, byte family, byte protocol, List<KernelSocket> found)
    {
        Span<byte> request = stackalloc byte[RequestBytes];
        request.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(request, RequestBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(request[4..], ByFamily);
        BinaryPrimitives.WriteUInt16LittleEndian(request[6..], RequestDump);
        request[HeaderBytes] = family;
        request[HeaderBytes + 1] = protocol;
        // Of the extensions, tcp_info alone.
        request[HeaderBytes + 2] = 1 << (InfoAttribute - 1);
        BinaryPrimitives.WriteUInt32LittleEndian(request[(HeaderBytes + 4)..], uint.MaxValue);
        Check(NetlinkCalls.Send(socket, request));
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var result = NetlinkCalls.Receive(socket, buffer);
            Check(result);
            if (!TryRead(buffer.AsSpan(0, result.Count), protocol == Tcp, found))
                return;
        }
    }

    // False at the end of the dump.
    private static bool TryRead(ReadOnlySpan<byte> answer, bool isTcp, List<KernelSocket> found)
    {
        while (answer.Length >= HeaderBytes)
        {
            var length = (int)Math.Min(Word(answer, 0), (uint)answer.Length);
            if (length < HeaderBytes)
                return false;
            var type = BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]);
            if (type == Done)
                return false;
            if (type == Error)
            {
                var errno = length >= HeaderBytes + 4 ? -BinaryPrimitives.ReadInt32LittleEndian(answer[HeaderBytes..]) : 0;
                // A kernel without IPv6 has no sockets of that family.
                return errno is 0 or 2 or 97 ? false : throw Errno.ToException(errno, "The kernel does not list its sockets");
            }
            if (type == ByFamily && Parse(answer[HeaderBytes..length], isTcp) is { } socket)
                found.Add(socket);
            // Messages are aligned to four bytes.
            answer = answer[Math.Min((length + 3) & ~3, answer.Length)..];
        }
        return true;
    }

    // struct tcp_info: tcpi_rtt in microseconds at 68, tcpi_total_retrans at 100.
    private static (TimeSpan RoundTrip, uint Retransmits) Info(ReadOnlySpan<byte> attributes)
    {
        while (attributes.Length >= 4)
        {
            var length = Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(attributes), attributes.Length);
            if (length < 4)
                break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) == InfoAttribute && length >= 4 + 104)
                return (TimeSpan.FromMicroseconds(Word(attributes, 4 + 68)), Word(attributes, 4 + 100));
            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }
        return default;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static void Check(IoResult result)
    {
        if (!result.IsDone)
            throw Errno.ToException(result.Errno, "The kernel was not asked for its sockets");
    }
}
