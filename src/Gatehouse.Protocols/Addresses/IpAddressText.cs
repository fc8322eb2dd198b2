using System.Buffers.Text;
using System.Numerics;

namespace Gatehouse.Protocols.Addresses;

/// <summary>The text of IP addresses, for bytes and chars alike: RFC 4291 section 2.2 in, RFC 5952 out.</summary>
internal static class IpAddressText
{
    /// <summary>The longest text that is an address: six groups of four and four octets of three.</summary>
    private const int MaxInputLength = 45;

    public static bool TryParse<TChar>(ReadOnlySpan<TChar> text, out IpAddress address)
        where TChar : unmanaged, IBinaryInteger<TChar>
    {
        if (TryParseV4(text, out var bits))
        {
            address = IpAddress.FromV4(bits);
            return true;
        }
        return TryParseV6(text, out address);
    }

    /// <summary>
    /// IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet (RFC 3986 section 3.2.2). Octal, hexadecimal and shortened forms, which
    /// inet_aton takes, are refused: they are read differently by different programs.
    /// </summary>
    private static bool TryParseV4<TChar>(ReadOnlySpan<TChar> text, out uint bits)
        where TChar : unmanaged, IBinaryInteger<TChar>
    {
        bits = 0;
        if (text.Length is < 7 or > 15)
            return false;
        var at = 0;
        for (var octet = 0; octet < 4; octet++)
        {
            if (octet > 0 && (at == text.Length || Code(text[at++]) != '.'))
                return false;
            var start = at;
            var value = 0u;
            while (at < text.Length && at - start < 3 && Code(text[at]) - '0' is var digit and <= 9)
            {
                value = value * 10 + digit;
                at++;
            }
            if (at == start || value > 255 || (at - start > 1 && Code(text[start]) == '0'))
                return false;
            bits = bits << 8 | value;
        }
        return at == text.Length;
    }

    /// <summary>
    /// h16 = 1*4HEXDIG, groups parted by ":", one "::" for one or more groups of zero, and a last IPv4address for the last two groups.
    /// </summary>
    private static bool TryParseV6<TChar>(ReadOnlySpan<TChar> text, out IpAddress address)
        where TChar : unmanaged, IBinaryInteger<TChar>
    {
        address = default;
        if (text.Length is < 2 or > MaxInputLength)
            return false;
        Span<ushort> groups = stackalloc ushort[8];
        var count = 0;
        var gap = -1;
        var at = 0;
        if (Code(text[0]) == ':')
        {
            if (Code(text[1]) != ':')
                return false;
            gap = 0;
            at = 2;
        }
        while (at < text.Length)
        {
            if (count == 8)
                return false;
            var start = at;
            var value = 0u;
            while (at < text.Length && at - start < 4 && HexDigit(Code(text[at])) is var digit and <= 15)
            {
                value = value << 4 | digit;
                at++;
            }
            if (at == start)
                return false;
            if (at < text.Length && Code(text[at]) == '.')
            {
                if (count > 6 || !TryParseV4(text[start..], out var bits))
                    return false;
                groups[count++] = (ushort)(bits >> 16);
                groups[count++] = (ushort)bits;
                break;
            }
            groups[count++] = (ushort)value;
            if (at == text.Length)
                break;
            if (Code(text[at++]) != ':' || at == text.Length)
                return false;
            if (Code(text[at]) == ':')
            {
                if (gap >= 0)
                    return false;
                gap = count;
                at++;
            }
        }
        if (gap < 0 ? count != 8 : count == 8)
            return false;
        if (gap >= 0)
        {
            var tail = groups[gap..count];
            tail.CopyTo(groups[(8 - tail.Length)..]);
            groups[gap..(8 - tail.Length)].Clear();
        }
        address = IpAddress.FromV6(Join(groups), Join(groups[4..]));
        return true;
    }

    /// <summary>Writes the canonical text and returns its length; <paramref name="text"/> has <see cref="IpAddress.MaxTextLength"/> bytes.</summary>
    public static int Format(IpAddress address, Span<byte> text)
    {
        if (address.IsV4)
            return FormatV4((uint)address.Low, text);
        if (address.IsV6)
            return FormatV6(address, text);
        text[0] = (byte)'-';
        return 1;
    }

    private static int FormatV4(uint bits, Span<byte> text)
    {
        var at = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            Utf8Formatter.TryFormat((byte)(bits >> shift), text[at..], out var written);
            at += written;
            if (shift > 0)
                text[at++] = (byte)'.';
        }
        return at;
    }

    /// <summary>
    /// RFC 5952 section 4: lower case, no leading zeros, "::" for the longest run of two or more zero groups and the first among equals;
    /// section 5: mixed notation for the one prefix that is known to hold an IPv4 address, ::ffff:0:0/96.
    /// </summary>
    private static int FormatV6(IpAddress address, Span<byte> text)
    {
        if (address.IsV4Mapped)
        {
            "::ffff:"u8.CopyTo(text);
            return 7 + FormatV4((uint)address.Low, text[7..]);
        }
        var (runStart, runLength) = LongestZeroRun(address);
        var at = 0;
        for (var i = 0; i < 8; i++)
        {
            if (i == runStart)
            {
                "::"u8.CopyTo(text[at..]);
                at += 2;
                i += runLength - 1;
                continue;
            }
            if (i > 0 && text[at - 1] != ':')
                text[at++] = (byte)':';
            var group = Group(address, i);
            for (var shift = group >= 0x1000 ? 12 : group >= 0x100 ? 8 : group >= 0x10 ? 4 : 0; shift >= 0; shift -= 4)
                text[at++] = "0123456789abcdef"u8[group >> shift & 15];
        }
        return at;
    }

    private static (int Start, int Length) LongestZeroRun(IpAddress address)
    {
        var (bestStart, bestLength) = (-1, 1);
        for (var i = 0; i < 8; i++)
        {
            var start = i;
            while (i < 8 && Group(address, i) == 0)
                i++;
            if (i - start > bestLength)
                (bestStart, bestLength) = (start, i - start);
        }
        return (bestStart, bestLength);
    }

    private static int Group(IpAddress address, int index) => (ushort)((index < 4 ? address.High : address.Low) >> (48 - 16 * (index & 3)));

    private static ulong Join(ReadOnlySpan<ushort> groups) => (ulong)groups[0] << 48 | (ulong)groups[1] << 32 | (ulong)groups[2] << 16 | groups[3];

    private static uint Code<TChar>(TChar value)
        where TChar : unmanaged, IBinaryInteger<TChar> => uint.CreateTruncating(value);

    private static uint HexDigit(uint code) =>
        code - '0' is var digit and <= 9 ? digit : (code | 0x20) - 'a' is var letter and <= 5 ? letter + 10 : uint.MaxValue;
}
