using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Protocols.ProxyProtocol;

/// <summary>Writes the header of the PROXY protocol, which tells a server behind this one who the client is.</summary>
public static class ProxyHeaderWriter
{
    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>The header of <paramref name="version"/>; empty for none. Endpoints without an address say that the sender speaks for itself.</summary>
    public static byte[] Write(ProxyProtocolVersion version, in Endpoint source, in Endpoint destination) => version switch
    {
        ProxyProtocolVersion.Version1 => Version1(source, destination),
        ProxyProtocolVersion.Version2 => Version2(source, destination),
        _ => [],
    };

    /// <summary>The line of version 1. Endpoints that are not both of one family of IP addresses are UNKNOWN.</summary>
    public static byte[] Version1(in Endpoint source, in Endpoint destination)
    {
        var (from, to) = (source.Address.Unmapped, destination.Address.Unmapped);
        if (!AreOneFamily(from, to))
            return "PROXY UNKNOWN\r\n"u8.ToArray();
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"PROXY {(from.IsV4 ? "TCP4" : "TCP6")} {from} {to} {source.Port} {destination.Port}\r\n"));
    }

    /// <summary>The binary header of version 2, without further fields. Endpoints that are not both of one family of IP addresses are LOCAL.</summary>
    public static byte[] Version2(in Endpoint source, in Endpoint destination)
    {
        var (from, to) = (source.Address.Unmapped, destination.Address.Unmapped);
        var size = !AreOneFamily(from, to) ? 0 : from.IsV4 ? 4 : 16;
        var header = new byte[16 + (size == 0 ? 0 : (2 * size) + 4)];
        Signature.CopyTo(header);
        header[12] = (byte)(size == 0 ? 0x20 : 0x21);
        header[13] = (byte)(size switch { 0 => 0x00, 4 => 0x11, _ => 0x21 });
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)(header.Length - 16));
        if (size == 0)
            return header;
        from.TryWriteBytes(header.AsSpan(16), out _);
        to.TryWriteBytes(header.AsSpan(16 + size), out _);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(16 + (2 * size)), source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(18 + (2 * size)), destination.Port);
        return header;
    }

    private static bool AreOneFamily(in IpAddress from, in IpAddress to) => (from.IsV4 && to.IsV4) || (from.IsV6 && to.IsV6);
}
