using System.Buffers;
using System.Globalization;

namespace Gatehouse.Protocols.Headers;

/// <summary>
/// The syntax of a Host field and of the authority of a target: uri-host [ ":" port ] (RFC 9110 section 7.2, RFC 3986 section 3.2).
/// Stricter than the grammar: no IPvFuture, no zone of an IPv6 address, no port above 65535. Userinfo is refused (RFC 9110 section 4.2.4).
/// </summary>
public static class HostSyntax
{
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef"u8);

    /// <summary>True for a host that is not empty, with an optional port (which may be empty: port = *DIGIT).</summary>
    public static bool IsValid(ReadOnlySpan<byte> authority) => IsValid(authority, 0, authority.Length, portRequired: false);

    /// <summary>True for a host with a port that is not empty, as CONNECT needs it (RFC 9110 section 9.3.6).</summary>
    public static bool IsValidWithPort(ReadOnlySpan<byte> authority) => IsValid(authority, 0, authority.Length, portRequired: true);

    /// <summary>The same for the bytes from <paramref name="start"/> to <paramref name="end"/> of a buffer.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> buffer, int start, int end, bool portRequired)
    {
        if (start == end)
            return false;
        var hostEnd = buffer[start] == '[' ? EndOfAddress(buffer, start, end) : EndOfName(buffer, start, end);
        if (hostEnd <= start)
            return false;
        if (hostEnd == end)
            return !portRequired;
        return buffer[hostEnd] == ':' && IsPort(buffer[(hostEnd + 1)..end], portRequired);
    }

    // reg-name = *( unreserved / pct-encoded / sub-delims )
    private static int EndOfName(ReadOnlySpan<byte> buffer, int start, int end)
    {
        var at = ByteScan.EndOf(ByteScan.HostName, buffer, start, end);
        while (at < end && buffer[at] == '%')
        {
            if (end - at < 3 || !char.IsAsciiHexDigit((char)buffer[at + 1]) || !char.IsAsciiHexDigit((char)buffer[at + 2]))
                return -1;
            at = ByteScan.EndOf(ByteScan.HostName, buffer, at + 3, end);
        }
        return Math.Min(at, end);
    }

    private static bool IsPort(ReadOnlySpan<byte> port, bool required)
    {
        var value = 0;
        foreach (var digit in port)
        {
            value = (value * 10) + (digit - '0');
            if (!char.IsAsciiDigit((char)digit) || value > ushort.MaxValue)
                return false;
        }
        return !required || port.Length > 0;
    }

    // IP-literal = "[" IPv6address "]"
    private static int EndOfAddress(ReadOnlySpan<byte> buffer, int start, int end)
    {
        var length = buffer[start..end].IndexOf((byte)']');
        return length > 0 && IsIpv6(buffer.Slice(start + 1, length - 1)) ? start + length + 1 : -1;
    }

    // Eight groups of one to four hexadecimal digits, the last two of which may be an IPv4 address; "::" stands once for one or more groups of zeros.
    private static bool IsIpv6(ReadOnlySpan<byte> text)
    {
        var groups = 0;
        var elided = false;
        if (text.StartsWith("::"u8))
        {
            elided = true;
            text = text[2..];
        }
        while (!text.IsEmpty)
        {
            var colon = text.IndexOf((byte)':');
            var group = colon < 0 ? text : text[..colon];
            if (colon < 0 && group.Contains((byte)'.'))
                return IsIpv4(group) && FitsGroups(groups + 2, elided);
            if (group.Length is 0 or > 4 || group.IndexOfAnyExcept(HexDigits) >= 0)
                return false;
            groups++;
            if (colon < 0)
                break;
            text = text[(colon + 1)..];
            if (text.IsEmpty)
                return false;
            if (text[0] != ':')
                continue;
            if (elided)
                return false;
            elided = true;
            text = text[1..];
        }
        return FitsGroups(groups, elided);
    }

    private static bool FitsGroups(int groups, bool elided) => elided ? groups < 8 : groups == 8;

    // IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet, without leading zeros.
    private static bool IsIpv4(ReadOnlySpan<byte> text)
    {
        var octets = 0;
        foreach (var range in text.Split((byte)'.'))
        {
            var octet = text[range];
            if (++octets > 4 || octet.Length is 0 or > 3 || (octet.Length > 1 && octet[0] == '0')
                || !byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                return false;
        }
        return octets == 4;
    }
}
