using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gatehouse.Http.Urls.Idna;

namespace Gatehouse.Http.Urls;

/// <summary>The host parser of the WHATWG URL standard, section 3.5.</summary>
internal static class UrlHost
{
    private static readonly SearchValues<char> ForbiddenHost = SearchValues.Create("\0\t\n\r #/:<>?@[\\]^|");

    private static readonly SearchValues<char> ForbiddenDomain =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(value => (char)value), .. " #/:<>?@[\\]^|%\x7f"]);

    /// <summary>Parses the host of a URL whose scheme is special, or with <paramref name="isOpaque"/> of another.</summary>
    public static bool TryParse(string input, bool isOpaque, [NotNullWhen(true)] out string? host, [NotNullWhen(false)] out string? error)
    {
        host = error = null;
        if (input.StartsWith('['))
        {
            if (input.EndsWith(']') && Ipv6Host.TryParse(input.AsSpan(1..^1), out host))
                return true;
            error = $"an IPv6 address in brackets was expected, not '{input}'.";
            return false;
        }
        if (isOpaque)
        {
            host = input.AsSpan().ContainsAny(ForbiddenHost) ? null : UrlText.Encode(input, PercentEncodeSet.C0Control);
            error = host is null ? $"the host '{input}' has a character that no host may have." : null;
            return host is not null;
        }

        var domain = DomainToAscii.Convert(Decode(input));
        if (string.IsNullOrEmpty(domain) || domain.AsSpan().ContainsAny(ForbiddenDomain))
        {
            error = $"the host '{input}' is not a domain name.";
            return false;
        }
        if (!Ipv4Host.EndsInNumber(domain))
        {
            host = domain;
            return true;
        }
        if (Ipv4Host.TryParse(domain, out host))
            return true;
        error = $"the host '{input}' ends in a number and is not an IPv4 address.";
        return false;
    }

    // Percent-decoding, then "UTF-8 decode without BOM", which replaces what is invalid by U+FFFD.
    private static string Decode(string input)
    {
        if (!input.Contains('%', StringComparison.Ordinal))
            return input;
        var bytes = Encoding.UTF8.GetBytes(input);
        return Encoding.UTF8.GetString(bytes, 0, PercentEncoding.Decode(bytes, bytes));
    }
}
