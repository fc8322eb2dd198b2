using System.Buffers.Binary;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Protocols.Dns.Edns;

/// <summary>The network of the client that an answer is for (RFC 7871 section 6).</summary>
/// <param name="Address">The network's address, bits beyond <paramref name="SourceLength"/> clear.</param>
/// <param name="SourceLength">Bits of the address that the query tells.</param>
/// <param name="ScopeLength">Bits of the address that the answer is for; 0 in a query.</param>
public readonly record struct DnsClientSubnet(IpAddress Address, byte SourceLength, byte ScopeLength)
{
    /// <summary>Bytes of the longest option.</summary>
    public const int MaxLength = 20;

    /// <summary>Reads the option's data; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out DnsClientSubnet subnet)
    {
        subnet = default;
        if (data.Length < 4)
            return false;
        var (family, source, scope) = (BinaryPrimitives.ReadUInt16BigEndian(data), data[2], data[3]);
        var size = family switch { 1 => 4, 2 => 16, _ => 0 };
        if (size == 0 || source > size * 8 || scope > size * 8 || data.Length - 4 != (source + 7) / 8)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        data[4..].CopyTo(bytes);
        var address = IpAddress.FromBytes(bytes[..size]);
        if (address.Masked(source) != address)
            return false;
        subnet = new DnsClientSubnet(address, source, scope);
        return true;
    }

    /// <summary>Writes the option's data and returns its length; <paramref name="destination"/> has <see cref="MaxLength"/> bytes.</summary>
    public int Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(Address.IsV4 ? 1 : 2));
        destination[2] = SourceLength;
        destination[3] = ScopeLength;
        Span<byte> bytes = stackalloc byte[16];
        Address.Masked(SourceLength).TryWriteBytes(bytes, out _);
        var count = (SourceLength + 7) / 8;
        bytes[..count].CopyTo(destination[4..]);
        return 4 + count;
    }
}
