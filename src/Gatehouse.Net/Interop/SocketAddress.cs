using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Interop;

/// <summary>struct sockaddr_in, sockaddr_in6 (ip(7), ipv6(7)) and sockaddr_un (unix(7)) to and from an <see cref="Endpoint"/>.</summary>
internal static class SocketAddress
{
    /// <summary>Bytes of the longest of them, sockaddr_un, rounded up.</summary>
    internal const int MaxBytes = 112;

    private const int UnixPathOffset = 2;
    private const int UnixPathBytes = 108;

    /// <summary>AF_UNIX, AF_INET or AF_INET6.</summary>
    internal static int Family(in Endpoint endpoint) =>
        endpoint.IsUnix ? SocketConstants.FamilyUnix : endpoint.Address.IsV6 ? SocketConstants.FamilyV6 : SocketConstants.FamilyV4;

    /// <summary>Writes the kernel's form of <paramref name="endpoint"/> and returns its length.</summary>
    /// <exception cref="ArgumentException">The endpoint is none, or a Unix path that is empty, has a NUL or more than 107 bytes.</exception>
    internal static int Write(in Endpoint endpoint, Span<byte> address)
    {
        var family = (ushort)Family(endpoint);
        MemoryMarshal.Write(address, in family);
        if (endpoint.UnixPath is { } path)
            return WriteUnix(path, address);
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], endpoint.Port);
        if (endpoint.Address.IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(address[4..], (uint)endpoint.Address.Low);
            address.Slice(8, 8).Clear();
            return 16;
        }

        if (!endpoint.Address.IsV6)
            throw new ArgumentException("Expected an IP address with a port or the path of a Unix socket; found an empty endpoint.", nameof(endpoint));
        address.Slice(4, 4).Clear();
        BinaryPrimitives.WriteUInt64BigEndian(address[8..], endpoint.Address.High);
        BinaryPrimitives.WriteUInt64BigEndian(address[16..], endpoint.Address.Low);
        address.Slice(24, 4).Clear();
        return 28;
    }

    /// <summary>Reads the kernel's form. An unnamed Unix socket and an unknown family give the default endpoint.</summary>
    internal static Endpoint Read(ReadOnlySpan<byte> address)
    {
        if (address.Length < UnixPathOffset)
            return default;
        switch (MemoryMarshal.Read<ushort>(address))
        {
            case SocketConstants.FamilyV4 when address.Length >= 8:
                return new Endpoint(IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(address[4..])), BinaryPrimitives.ReadUInt16BigEndian(address[2..]));
            case SocketConstants.FamilyV6 when address.Length >= 24:
                var high = BinaryPrimitives.ReadUInt64BigEndian(address[8..]);
                var low = BinaryPrimitives.ReadUInt64BigEndian(address[16..]);
                return new Endpoint(IpAddress.FromV6(high, low), BinaryPrimitives.ReadUInt16BigEndian(address[2..]));
            case SocketConstants.FamilyUnix when address.Length > UnixPathOffset:
                return ReadUnix(address[UnixPathOffset..]);
            default:
                return default;
        }
    }

    private static int WriteUnix(string path, Span<byte> address)
    {
        var length = Encoding.UTF8.GetByteCount(path);
        if (length is 0 or >= UnixPathBytes || path.Contains('\0'))
        {
            throw new ArgumentException(
                $"Expected the path of a Unix socket with 1 to {UnixPathBytes - 1} bytes and no NUL (unix(7)); found {length} bytes.", nameof(path));
        }


        var target = address[UnixPathOffset..];
        Encoding.UTF8.GetBytes(path, target);
        if (path[0] == '@')
        {
            target[0] = 0;
            return UnixPathOffset + length;
        }

        target[length] = 0;
        return UnixPathOffset + length + 1;
    }

    private static Endpoint ReadUnix(ReadOnlySpan<byte> path)
    {
        if (path[0] == 0)
            return path.Length == 1 ? default : new Endpoint("@" + Encoding.UTF8.GetString(path[1..]));
        var end = path.IndexOf((byte)0);
        return new Endpoint(Encoding.UTF8.GetString(end < 0 ? path : path[..end]));
    }
}
