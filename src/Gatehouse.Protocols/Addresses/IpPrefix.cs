using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gatehouse.Protocols.Addresses;

/// <summary>
/// A block of addresses: those whose first <see cref="Length"/> bits are those of <see cref="Address"/> (RFC 4632 section 3.1, RFC 4291 section 2.3).
/// A block of IPv4-mapped addresses is held as the IPv4 block that it stands for.
/// </summary>
public readonly struct IpPrefix : IEquatable<IpPrefix>, ISpanParsable<IpPrefix>
{
    /// <summary>A block with its bits behind <paramref name="length"/> zero.</summary>
    /// <exception cref="ArgumentException"><paramref name="length"/> is not one of the family, or bits behind it are set.</exception>
    public IpPrefix(IpAddress address, int length)
    {
        if (address.IsNone || length < 0 || length > address.BitLength || address.Masked(length) != address)
            throw new ArgumentException($"{address}/{length} is not a prefix: its length does not fit the address, or bits behind it are set.");
        (Address, Length) = Unmap(address, length);
    }

    /// <summary>The first address of the block.</summary>
    public IpAddress Address { get; }

    /// <summary>Number of leading bits that its addresses share: 0 to 32 or 0 to 128.</summary>
    public int Length { get; }

    /// <summary>
    /// True when <paramref name="address"/> lies in the block. An IPv4-mapped IPv6 address lies in the blocks of its IPv4 address; no other IPv6 block,
    /// <c>::/0</c> included, holds it.
    /// </summary>
    public bool Contains(IpAddress address)
    {
        var plain = address.Unmapped;
        return plain.BitLength == Address.BitLength && !plain.IsNone && plain.Masked(Length) == Address;
    }

    /// <summary>Reads <c>192.147.0.0/24</c>, <c>2001:db8:1234::/48</c>, or an address alone, which is the block of itself.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpPrefix prefix) => TryParse(text, out prefix, out _);

    /// <summary>Reads a prefix, and says what is wrong with one that cannot be read; a prefix with host bits set is answered with the corrected one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpPrefix prefix, [NotNullWhen(false)] out string? fault)
    {
        prefix = default;
        var slash = text.IndexOf('/');
        if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            fault = $"'{text}' is not an address prefix; expected one like 192.147.0.0/24 or 2001:db8:1234::/48";
            return false;
        }
        var length = address.BitLength;
        if (slash >= 0 && !TryParseLength(text[(slash + 1)..], address.BitLength, out length))
        {
            fault = $"'{text}' has the prefix length '{text[(slash + 1)..]}'; expected 0 to {address.BitLength}";
            return false;
        }
        var masked = address.Masked(length);
        if (masked != address)
        {
            fault = $"'{text}' has bits set behind its first {length}; the prefix is {masked}/{length}";
            return false;
        }
        prefix = new IpPrefix(address, length);
        fault = null;
        return true;
    }

    /// <summary>Reads a prefix.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not a prefix; the message says why.</exception>
    public static IpPrefix Parse(ReadOnlySpan<char> text) => TryParse(text, out var prefix, out var fault) ? prefix : throw new FormatException(fault);

    static IpPrefix IParsable<IpPrefix>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<IpPrefix>.TryParse(string? s, IFormatProvider? provider, out IpPrefix result) => TryParse(s.AsSpan(), out result);

    static IpPrefix ISpanParsable<IpPrefix>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<IpPrefix>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out IpPrefix result) => TryParse(s, out result);

    /// <summary>Address, slash, length.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    /// <inheritdoc/>
    public bool Equals(IpPrefix other) => Address == other.Address && Length == other.Length;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IpPrefix other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, Length);

    /// <summary>Same block.</summary>
    public static bool operator ==(IpPrefix left, IpPrefix right) => left.Equals(right);

    /// <summary>Other block.</summary>
    public static bool operator !=(IpPrefix left, IpPrefix right) => !left.Equals(right);

    private static (IpAddress Address, int Length) Unmap(IpAddress address, int length) =>
        address.IsV4Mapped && length >= 96 ? (address.Unmapped, length - 96) : (address, length);

    private static bool TryParseLength(ReadOnlySpan<char> digits, int max, out int length) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= max && (digits.Length == 1 || digits[0] != '0');
}
