using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Http.Urls;

/// <summary>
/// A URL as the WHATWG URL standard parses and serialises it, immutable. For configuration, redirects and the client; the target of an incoming request
/// never becomes one. Every component is already encoded as it goes onto the wire.
/// </summary>
public sealed class Url : IEquatable<Url>
{
    private string? _href;

    internal Url(string scheme, string userName, string password, string? host, int? port, string path, bool hasOpaquePath, string? query, string? fragment)
    {
        Scheme = scheme;
        UserName = userName;
        Password = password;
        Host = host;
        Port = port;
        Path = path;
        HasOpaquePath = hasOpaquePath;
        Query = query;
        Fragment = fragment;
    }

    /// <summary>The scheme in lower case, without the colon.</summary>
    public string Scheme { get; }

    /// <summary>The user name, empty when there is none.</summary>
    public string UserName { get; }

    /// <summary>The password, empty when there is none.</summary>
    public string Password { get; }

    /// <summary>
    /// The host: a domain in ASCII, an IPv4 address, an IPv6 address in brackets, or an opaque host; empty for file:///, null for a URL without authority.
    /// </summary>
    public string? Host { get; }

    /// <summary>The port, null when it is the default of the scheme or there is none.</summary>
    public int? Port { get; }

    /// <summary>The port to connect to: <see cref="Port"/>, else the default of the scheme, else null.</summary>
    public int? EffectivePort => Port ?? UrlScheme.DefaultPort(Scheme);

    /// <summary>The path with its dot segments resolved; begins with a slash where the scheme is special.</summary>
    public string Path { get; }

    /// <summary>True when the path is one string without structure, as in mailto:a@example.com; no relative reference resolves against such a URL.</summary>
    public bool HasOpaquePath { get; }

    /// <summary>The query without the question mark; null when there is none, which is not the same as an empty one.</summary>
    public string? Query { get; }

    /// <summary>The fragment without the number sign; null when there is none.</summary>
    public string? Fragment { get; }

    /// <summary>True for ftp, file, http, https, ws and wss, whose URLs have a host that is a domain and in which a backslash is a slash.</summary>
    public bool IsSpecial => UrlScheme.IsSpecial(Scheme);

    /// <summary>Host and port as in the Host field (RFC 9110 section 7.2), without user information.</summary>
    public string Authority => Port is { } port ? $"{Host}:{port}" : Host ?? "";

    /// <summary>Path and query: the target of a request in origin form (RFC 9112 section 3.2.1).</summary>
    public string PathAndQuery => Query is null ? Path : $"{Path}?{Query}";

    /// <summary>The origin as it is serialised: scheme, host and port, or <c>null</c> where the origin is opaque (section 4.7 of the standard).</summary>
    public string Origin => Scheme switch
    {
        "blob" => TryParse(Path, null, out var inner, out _) && inner.Scheme is "http" or "https" ? inner.Origin : "null",
        "file" => "null",
        _ => IsSpecial ? $"{Scheme}://{Authority}" : "null",
    };

    /// <summary>The whole URL.</summary>
    public string Href => _href ??= Serialize(withFragment: true);

    /// <summary>The URL without its fragment: what goes into an absolute request target or a Referer field.</summary>
    public string HrefWithoutFragment => Fragment is null ? Href : Serialize(withFragment: false);

    /// <summary>Parses a URL, or a reference relative to <paramref name="baseUrl"/>.</summary>
    /// <exception cref="FormatException">It is not a URL; the message says what was expected.</exception>
    public static Url Parse(string input, Url? baseUrl = null) =>
        TryParse(input, baseUrl, out var url, out var error) ? url : throw new FormatException($"'{input}' is not a URL: {error}");

    /// <summary>Parses a URL, or a reference relative to <paramref name="baseUrl"/>.</summary>
    /// <param name="input">The text; what surrounds it of spaces and controls is not part of it.</param>
    /// <param name="baseUrl">What a relative reference is relative to, or null.</param>
    /// <param name="url">The URL.</param>
    /// <param name="error">What was expected, as a sentence without its subject.</param>
    public static bool TryParse(string input, Url? baseUrl, [NotNullWhen(true)] out Url? url, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(input);
        var parser = new UrlParser(input, baseUrl);
        url = parser.Parse();
        error = url is null ? parser.Error : null;
        return url is not null;
    }

    /// <inheritdoc/>
    public bool Equals(Url? other) => other is not null && Href == other.Href;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Url);

    /// <inheritdoc/>
    public override int GetHashCode() => Href.GetHashCode(StringComparison.Ordinal);

    /// <summary>The whole URL, with the password: not for logs.</summary>
    public override string ToString() => Href;

    // Section 4.5 of the standard.
    private string Serialize(bool withFragment)
    {
        var credentials = UserName.Length == 0 && Password.Length == 0 ? "" : Password.Length == 0 ? $"{UserName}@" : $"{UserName}:{Password}@";
        // Without a host, a path that begins with two slashes would read as an authority.
        var authority = Host is not null ? $"//{credentials}{Authority}" : !HasOpaquePath && Path.StartsWith("//", StringComparison.Ordinal) ? "/." : "";
        var fragment = withFragment && Fragment is not null ? $"#{Fragment}" : "";
        return $"{Scheme}:{authority}{PathAndQuery}{fragment}";
    }
}
