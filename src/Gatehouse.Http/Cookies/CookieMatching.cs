using System.Buffers;

namespace Gatehouse.Http.Cookies;

/// <summary>Which hosts and paths a cookie's domain and path cover (RFC 6265bis sections 5.1.3 and 5.1.4).</summary>
internal static class CookieMatching
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Domain-match of two canonical (lower-case) names: equal, or <paramref name="host"/> is a host name below <paramref name="domain"/>.</summary>
    public static bool DomainMatches(ReadOnlySpan<char> host, ReadOnlySpan<char> domain)
    {
        if (!host.EndsWith(domain))
            return false;
        return host.Length == domain.Length || (!domain.IsEmpty && host[host.Length - domain.Length - 1] == '.' && !IsAddress(host));
    }

    /// <summary>Path-match: equal, or <paramref name="path"/> lies below <paramref name="cookiePath"/>, whole segments.</summary>
    public static bool PathMatches(ReadOnlySpan<byte> path, ReadOnlySpan<byte> cookiePath) =>
        path.StartsWith(cookiePath) && (path.Length == cookiePath.Length || cookiePath is [.., (byte)'/'] || path[cookiePath.Length] == '/');

    /// <summary>The default-path of a request to <paramref name="path"/>: up to its last slash, without it unless it is the only one.</summary>
    public static ReadOnlySpan<byte> DefaultPath(ReadOnlySpan<byte> path)
    {
        if (path is not [(byte)'/', ..])
            return "/"u8;
        var slash = path.LastIndexOf((byte)'/');
        return slash == 0 ? "/"u8 : path[..slash];
    }

    /// <summary>True for an IP address: an IPv6 literal, or a name whose last label is a number, which the URL standard takes for IPv4.</summary>
    public static bool IsAddress(ReadOnlySpan<char> host)
    {
        if (host.Contains(':'))
            return true;
        host = host.EndsWith(".") ? host[..^1] : host;
        var label = host[(host.LastIndexOf('.') + 1)..];
        return !label.IsEmpty && (!label.ContainsAnyExceptInRange('0', '9')
            || (label.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && !label[2..].ContainsAnyExcept(HexDigits)));
    }
}
