using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Gatehouse.Protocols.Addresses;

/// <content>Endpoints out of text.</content>
public readonly partial struct Endpoint : ISpanParsable<Endpoint>
{
    private const string Expected = "expected ADDRESS:PORT like 127.0.0.1:80 or [::1]:80, :PORT for all addresses, or unix:PATH";

    /// <summary>
    /// Reads <c>127.0.0.1:80</c>, <c>[::1]:80</c>, <c>:8080</c> (every address of the machine: <c>[::]:8080</c>, whose socket takes IPv4 too),
    /// <c>unix:/path</c> or <c>unix:@name</c>. Host names are not endpoints and are refused.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Endpoint endpoint) => TryParse(text, out endpoint, out _);

    /// <summary>Reads an endpoint, and says what is wrong with one that cannot be read and what was expected.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Endpoint endpoint, [NotNullWhen(false)] out string? fault)
    {
        endpoint = default;
        if (text.StartsWith("unix:", StringComparison.Ordinal))
            return TryParseUnix(text[5..], out endpoint, out fault);
        var colon = text.LastIndexOf(':');
        if (colon < 0 || text.EndsWith("]", StringComparison.Ordinal))
        {
            fault = $"'{text}' has no port; {Expected}";
            return false;
        }
        if (!TryParseHost(text[..colon], out var address))
        {
            fault = IpAddress.TryParse(text, out var bare) && bare.IsV6
                ? $"'{text}' is an IPv6 address without brackets and a port; expected one like [{bare}]:80"
                : $"'{text[..colon]}' is not an IP address; {Expected}";
            return false;
        }
        var digits = text[(colon + 1)..];
        if (!ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || (digits[0] == '0' && digits.Length > 1))
        {
            fault = $"'{digits}' is not a port; expected 0 to 65535";
            return false;
        }
        endpoint = new Endpoint(address, port);
        fault = null;
        return true;
    }

    /// <summary>Reads an endpoint.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not an endpoint; the message says why and what was expected.</exception>
    public static Endpoint Parse(ReadOnlySpan<char> text) => TryParse(text, out var endpoint, out var fault) ? endpoint : throw new FormatException(fault);

    static Endpoint IParsable<Endpoint>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Endpoint>.TryParse(string? s, IFormatProvider? provider, out Endpoint result) => TryParse(s.AsSpan(), out result);

    static Endpoint ISpanParsable<Endpoint>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<Endpoint>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Endpoint result) => TryParse(s, out result);

    private static bool TryParseHost(ReadOnlySpan<char> host, out IpAddress address)
    {
        if (host.IsEmpty)
        {
            address = IpAddress.FromV6(0, 0);
            return true;
        }
        if (host is ['[', .. var inner, ']'])
            return IpAddress.TryParse(inner, out address) && address.IsV6;
        return IpAddress.TryParse(host, out address) && address.IsV4;
    }

    private static bool TryParseUnix(ReadOnlySpan<char> path, out Endpoint endpoint, [NotNullWhen(false)] out string? fault)
    {
        endpoint = default;
        fault = path switch
        {
            [] or ['@'] => "'unix:' has no path; expected unix:PATH, or unix:@NAME for the abstract space",
            _ when path.Contains('\0') => "the path of a Unix socket holds a NUL",
            _ when Encoding.UTF8.GetByteCount(path) > MaxUnixPathBytes =>
                $"the path of the Unix socket has {Encoding.UTF8.GetByteCount(path)} bytes; expected at most {MaxUnixPathBytes} (unix(7))",
            _ => null,
        };
        if (fault is not null)
            return false;
        endpoint = new Endpoint(path.ToString());
        return true;
    }
}
