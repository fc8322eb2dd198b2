using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gatehouse.Protocols.Addresses;

/// <summary>
/// An IPv4 or IPv6 address as a value: 128 bits in network order and the family. IPv4 addresses occupy the low 32 bits. Its text is that of RFC 5952;
/// zone ids (RFC 4007) are not part of it and are refused.
/// </summary>
public readonly struct IpAddress : IEquatable<IpAddress>, ISpanParsable<IpAddress>, IUtf8SpanParsable<IpAddress>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>Characters of the longest text of an address.</summary>
    public const int MaxTextLength = 39;

    private const ulong MappedPrefix = 0xFFFF;

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

    /// <summary>Makes an address from its 4 or 16 bytes in network order.</summary>
    /// <exception cref="ArgumentException">Neither 4 nor 16 bytes.</exception>
    public static IpAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => FromV6(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
        _ => throw new ArgumentException($"An IP address has 4 or 16 bytes, not {bytes.Length}.", nameof(bytes)),
    };

    /// <summary>Makes an address from .NET's own; its scope id is dropped.</summary>
    public static IpAddress FromIPAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        return FromBytes(bytes[..written]);
    }

    /// <summary>True for the default value, which is no address at all (the peer of a Unix or Memory transport).</summary>
    public bool IsNone => _family == 0;

    /// <summary>True for an IPv4 address.</summary>
    public bool IsV4 => _family == 4;

    /// <summary>True for an IPv6 address.</summary>
    public bool IsV6 => _family == 6;

    /// <summary>True for an IPv6 address of ::ffff:0:0/96, which stands for an IPv4 address (RFC 4291 section 2.5.5.2).</summary>
    public bool IsV4Mapped => _family == 6 && _high == 0 && _low >> 32 == MappedPrefix;

    /// <summary>The IPv4 address that an IPv4-mapped one stands for; any other address itself.</summary>
    public IpAddress Unmapped => IsV4Mapped ? FromV4((uint)_low) : this;

    /// <summary>The high 64 bits (0 for IPv4).</summary>
    public ulong High => _high;

    /// <summary>The low 64 bits (the 32 bits of an IPv4 address).</summary>
    public ulong Low => _low;

    /// <summary>Bits of an address of this family: 32 or 128, and 0 for none.</summary>
    public int BitLength => _family switch { 4 => 32, 6 => 128, _ => 0 };

    /// <summary>The address with all but its first <paramref name="bits"/> bits cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is negative or over <see cref="BitLength"/>.</exception>
    public IpAddress Masked(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, BitLength);
        if (_family == 4)
            return FromV4((uint)_low & (uint)(ulong.MaxValue << (32 - bits)));
        // A shift by 64 is a shift by 0 in C#, hence the two ends of each half stand apart.
        var high = bits >= 64 ? _high : bits == 0 ? 0 : _high & (ulong.MaxValue << (64 - bits));
        var low = bits <= 64 ? 0 : _low & (ulong.MaxValue << (128 - bits));
        return new IpAddress(high, low, _family);
    }

    /// <summary>Writes the 4 or 16 bytes in network order (none writes nothing); false when <paramref name="destination"/> is too short.</summary>
    public bool TryWriteBytes(Span<byte> destination, out int written)
    {
        written = BitLength / 8;
        if (destination.Length < written)
        {
            written = 0;
            return false;
        }
        if (_family == 4)
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_low);
        else if (_family == 6)
        {
            BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
            BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
        }
        return true;
    }

    /// <summary>The same address as .NET's own type.</summary>
    /// <exception cref="InvalidOperationException">There is no address (<see cref="IsNone"/>).</exception>
    public IPAddress ToIPAddress()
    {
        if (IsNone)
            throw new InvalidOperationException("There is no address to convert.");
        Span<byte> bytes = stackalloc byte[16];
        TryWriteBytes(bytes, out var written);
        return new IPAddress(bytes[..written]);
    }

    /// <summary>
    /// Reads an IPv4 or IPv6 address in UTF-8. IPv4 is four decimal octets without leading zeros; IPv6 is RFC 4291 section 2.2, without brackets or zone id.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out IpAddress address) => IpAddressText.TryParse(utf8, out address);

    /// <summary>Reads an IPv4 or IPv6 address, as <see cref="TryParse(ReadOnlySpan{byte}, out IpAddress)"/> does.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address) => IpAddressText.TryParse(text, out address);

    /// <summary>Reads an IPv4 or IPv6 address.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not an IP address.</exception>
    public static IpAddress Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IPv4 or IPv6 address.");

    /// <summary>
    /// Writes the canonical text in UTF-8 (RFC 5952 for IPv6; <c>-</c> for none); false when <paramref name="utf8"/> is too short
    /// (see <see cref="MaxTextLength"/>).
    /// </summary>
    public bool TryFormat(Span<byte> utf8, out int written)
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        written = IpAddressText.Format(this, text);
        if (text[..written].TryCopyTo(utf8))
            return true;
        written = 0;
        return false;
    }

    /// <summary>Writes the canonical text; false when <paramref name="destination"/> is too short.</summary>
    public bool TryFormat(Span<char> destination, out int written)
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        return Encoding.ASCII.TryGetChars(text[..IpAddressText.Format(this, text)], destination, out written);
    }

    /// <summary>The canonical text: dotted octets, or RFC 5952; <c>-</c> for none.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        return Encoding.ASCII.GetString(text[..IpAddressText.Format(this, text)]);
    }

    static IpAddress IParsable<IpAddress>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<IpAddress>.TryParse(string? s, IFormatProvider? provider, out IpAddress result) => TryParse(s.AsSpan(), out result);

    static IpAddress ISpanParsable<IpAddress>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<IpAddress>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out IpAddress result) => TryParse(s, out result);

    static IpAddress IUtf8SpanParsable<IpAddress>.Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) =>
        TryParse(utf8Text, out var address) ? address : throw new FormatException($"'{Encoding.UTF8.GetString(utf8Text)}' is not an IPv4 or IPv6 address.");

    static bool IUtf8SpanParsable<IpAddress>.TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out IpAddress result) =>
        TryParse(utf8Text, out result);

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(destination, out charsWritten);

    bool IUtf8SpanFormattable.TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(utf8Destination, out bytesWritten);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

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
