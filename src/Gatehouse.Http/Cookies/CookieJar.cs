using System.Buffers;
using System.Text;

namespace Gatehouse.Http.Cookies;

/// <summary>
/// A user agent's cookies: the storage model of RFC 6265bis section 5.7 and the retrieval of section 5.8.1. Safe for any number of threads: one lock, held for
/// the time of a look-up in memory. Bounded by <see cref="MaxPerDomain"/> and <see cref="MaxCookies"/>.
/// </summary>
public sealed class CookieJar
{
    /// <summary>Cookies of one domain; RFC 6265bis section 6.1 asks for at least 50.</summary>
    public const int MaxPerDomain = 50;

    /// <summary>Cookies in all; RFC 6265bis section 6.1 asks for at least 3,000.</summary>
    public const int MaxCookies = 3000;

    /// <summary>The longest life of a cookie: the bound of RFC 6265bis section 5.6.1.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(400);

    private const int MaxHost = 255;

    private readonly Lock _lock = new();
    private readonly CookieStore _store = new();
    private readonly List<Cookie> _matches = [];
    private readonly TimeProvider _time;
    private readonly Func<string, bool> _isPublicSuffix;

    /// <summary>Makes an empty jar.</summary>
    /// <param name="time">The clock by which cookies expire; by default the system's.</param>
    /// <param name="isPublicSuffix">
    /// Says of a domain in lower case whether it is a public suffix; by default <see cref="PublicSuffixes.IsSingleLabel"/>, which knows little.
    /// </param>
    public CookieJar(TimeProvider? time = null, Func<string, bool>? isPublicSuffix = null)
    {
        _time = time ?? TimeProvider.System;
        _isPublicSuffix = isPublicSuffix ?? PublicSuffixes.IsSingleLabel;
    }

    /// <summary>How many cookies there are, expired ones that no request has met yet included.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _store.Count;
        }
    }

    /// <summary>Takes a Set-Cookie field that the answer to a request carried, or says why not. One that has expired removes the cookie it replaces.</summary>
    /// <param name="host">The request's host, without port; ASCII.</param>
    /// <param name="path">The request's path, without query, as sent.</param>
    /// <param name="isSecure">True when the request went over TLS.</param>
    /// <param name="setCookie">The field's value.</param>
    /// <exception cref="ArgumentException">The host is empty, longer than 255 bytes or not ASCII.</exception>
    public CookieRefusal Store(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path, bool isSecure, ReadOnlySpan<byte> setCookie)
    {
        var canonicalHost = Canonicalize(host, stackalloc char[MaxHost]);
        var refusal = ReceivedCookie.Parse(setCookie, out var received);
        if (refusal != CookieRefusal.None)
            return refusal;

        // Steps 7 to 10: the domain.
        refusal = ResolveDomain(canonicalHost, received.Domain, out var domain);
        if (refusal != CookieRefusal.None)
            return refusal;
        var cookie = new Cookie
        {
            Name = received.Name.ToArray(),
            Value = received.Value.ToArray(),
            Domain = domain ?? canonicalHost.ToString(),
            HostOnly = domain is null,
            Path = (received.Path.IsEmpty ? CookieMatching.DefaultPath(path) : received.Path).ToArray(),
            Expires = ExpiryOf(in received),
            Secure = received.Secure,
            HttpOnly = received.HttpOnly,
            SameSite = received.SameSite,
            Partitioned = received.Partitioned,
        };

        // Steps 13 and 19 to 22. The prefix __Host- needs a Path attribute; the default path is not enough.
        if (cookie.Secure && !isSecure)
            return CookieRefusal.SecureFromPlain;
        if (received.Path.IsEmpty && CookieSyntax.HasHostPrefix(received.Name))
            return CookieRefusal.HostPrefix;
        refusal = cookie.Check();
        if (refusal != CookieRefusal.None)
            return refusal;
        lock (_lock)
        {
            // Step 16: leave Secure cookies alone.
            if (!cookie.Secure && !isSecure && _store.ShadowsSecure(cookie))
                return CookieRefusal.ShadowsSecure;
            _store.Insert(cookie, _time.GetUtcNow());
        }
        return CookieRefusal.None;
    }

    /// <summary>Takes a cookie from elsewhere, such as a file, or says why not.</summary>
    public CookieRefusal Add(Cookie cookie)
    {
        var refusal = cookie.Check();
        if (refusal != CookieRefusal.None)
            return refusal;
        if (cookie.Domain.Length is 0 or > MaxHost || !Ascii.IsValid(cookie.Domain))
            return CookieRefusal.MalformedDomain;
        if (!cookie.HostOnly && _isPublicSuffix(cookie.Domain))
            return CookieRefusal.PublicSuffix;
        lock (_lock)
            _store.Insert(cookie, _time.GetUtcNow());
        return CookieRefusal.None;
    }

    /// <summary>Writes the Cookie field's value for a request; how many cookies it has, 0 when none is to be sent and nothing was written.</summary>
    /// <param name="host">The request's host, without port; ASCII.</param>
    /// <param name="path">The request's path, without query, as sent.</param>
    /// <param name="isSecure">True when the request goes over TLS.</param>
    /// <param name="output">Takes the value.</param>
    /// <exception cref="ArgumentException">The host is empty, longer than 255 bytes or not ASCII.</exception>
    public int Write(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path, bool isSecure, IBufferWriter<byte> output)
    {
        var canonicalHost = Canonicalize(host, stackalloc char[MaxHost]);
        lock (_lock)
        {
            _matches.Clear();
            _store.Match(canonicalHost, path.IsEmpty ? "/"u8 : path, isSecure, _time.GetUtcNow(), _matches);
            var separator = ""u8;
            foreach (var cookie in _matches)
            {
                _store.Touch(cookie);
                output.Write(separator);
                if (!cookie.Name.IsEmpty)
                {
                    output.Write(cookie.Name.Span);
                    output.Write("="u8);
                }
                output.Write(cookie.Value.Span);
                separator = "; "u8;
            }
            return _matches.Count;
        }
    }

    /// <summary>The cookies that have not expired, in the order of their creation.</summary>
    public IReadOnlyList<Cookie> ToList()
    {
        lock (_lock)
            return _store.ToList(_time.GetUtcNow());
    }

    /// <summary>Removes all cookies.</summary>
    public void Clear()
    {
        lock (_lock)
            _store.Clear();
    }

    private CookieRefusal ResolveDomain(ReadOnlySpan<char> host, ReadOnlySpan<byte> attribute, out string? domain)
    {
        domain = null;
        if (attribute.IsEmpty)
            return CookieRefusal.None;
        if (attribute.Length > MaxHost || !Ascii.IsValid(attribute))
            return CookieRefusal.MalformedDomain;
        Span<char> lower = stackalloc char[MaxHost];
        Ascii.ToLower(attribute, lower, out var length);
        lower = lower[..length];
        if (!CookieMatching.DomainMatches(host, lower))
            return CookieRefusal.DomainMismatch;
        domain = lower.ToString();
        if (!_isPublicSuffix(domain))
            return CookieRefusal.None;
        domain = null;
        return lower.SequenceEqual(host) ? CookieRefusal.None : CookieRefusal.PublicSuffix;
    }

    private DateTimeOffset? ExpiryOf(in ReceivedCookie received)
    {
        var now = _time.GetUtcNow();
        if (received.MaxAge is not { } seconds)
            return received.Expires is { } date && date > now + MaxLifetime ? now + MaxLifetime : received.Expires;
        return seconds <= 0 ? DateTimeOffset.MinValue : now + TimeSpan.FromSeconds(Math.Min(seconds, (long)MaxLifetime.TotalSeconds));
    }

    private static ReadOnlySpan<char> Canonicalize(ReadOnlySpan<byte> host, Span<char> lower)
    {
        if (host.Length is 0 or > MaxHost || !Ascii.IsValid(host))
            throw new ArgumentException($"The host must be 1 to {MaxHost} bytes of ASCII (A-labels); found {host.Length} bytes.", nameof(host));
        Ascii.ToLower(host, lower, out var length);
        return lower[..length];
    }
}
