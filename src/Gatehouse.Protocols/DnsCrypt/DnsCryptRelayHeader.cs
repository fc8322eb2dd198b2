using System.Buffers.Binary;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Protocols.DnsCrypt;

/// <summary>
/// What stands in front of a query that goes through a relay (anonymized DNSCrypt): <c>0xFF × 8 | 0 0 | server-ip 16 | server-port 2</c>. The relay
/// takes it off and sends the rest on; answers come back as they are.
/// </summary>
public static class DnsCryptRelayHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = 28;

    /// <summary>Writes the header for a server.</summary>
    public static void Write(in Endpoint server, Span<byte> header)
    {
        header[..8].Fill(0xFF);
        header[8..Length].Clear();
        var address = header.Slice(10, 16);
        if (server.Address.IsV4)
        {
            address[10..12].Fill(0xFF);
            server.Address.TryWriteBytes(address[12..], out _);
        }
        else
        {
            server.Address.TryWriteBytes(address, out _);
        }

        BinaryPrimitives.WriteUInt16BigEndian(header[26..], server.Port);
    }

    /// <summary>Reads the header; false when the query is not for a relay.</summary>
    public static bool TryRead(ReadOnlySpan<byte> query, out Endpoint server)
    {
        server = default;
        if (query.Length < Length || query[..8].IndexOfAnyExcept((byte)0xFF) >= 0 || query[8] != 0 || query[9] != 0)
            return false;
        server = new Endpoint(IpAddress.FromBytes(query.Slice(10, 16)).Unmapped, BinaryPrimitives.ReadUInt16BigEndian(query[26..]));
        return true;
    }
}
