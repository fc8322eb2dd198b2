using System.Runtime.CompilerServices;

namespace Gatehouse.Protocols.Addresses;

/// <summary>An IPv4 or IPv6 address as a value: 128 bits in network order and the family. IPv4 addresses occupy the low 32 bits.</summary>
public readonly struct IpAddress : IEquatable<IpAddress>
{
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly byte _family;

    private IpAddress(ulong high, ulong low, byte family)
    {
        _high = high;
        _low = low;
        _family = family;
    }

    /// <summary>Makes an IPv4 address from its 32 bits, most significant byte first (127.0.0.1 is 0x7F000001).</summary>
    public static IpAddress FromV4(uint bits) => new(0, bits, 4);

    /// <summary>Makes an IPv6 address from its high and low 64 bits.</summary>
    public static IpAddress FromV6(ulong high, ulong low) => new(high, low, 6);

    /// <summary>True for the default value, which is no address at all (the peer of a Unix or Memory transport).</summary>
    public bool IsNone => _family == 0;

    /// <summary>True for an IPv4 address.</summary>
    public bool IsV4 => _family == 4;

    /// <summary>True for an IPv6 address.</summary>
    public bool IsV6 => _family == 6;

    /// <summary>The high 64 bits (0 for IPv4).</summary>
    public ulong High => _high;

    /// <summary>The low 64 bits (the 32 bits of an IPv4 address).</summary>
    public ulong Low => _low;

    /// <inheritdoc/>
    public bool Equals(IpAddress other) => _high == other._high && _low == other._low && _family == other._family;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IpAddress other && Equals(other);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override int GetHashCode() => HashCode.Combine(_high, _low, _family);

    /// <summary>Bitwise equality of family and address.</summary>
    public static bool operator ==(IpAddress left, IpAddress right) => left.Equals(right);

    /// <summary>Bitwise inequality of family and address.</summary>
    public static bool operator !=(IpAddress left, IpAddress right) => !left.Equals(right);
}
