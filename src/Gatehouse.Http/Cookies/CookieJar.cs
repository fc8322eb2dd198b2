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
    private readonly Dictionary<string, List<Cookie>> _domains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Cookie>>.AlternateLookup<ReadOnlySpan<char>> _byDomain;
    private readonly List<Cookie> _matches = [];
    private readonly TimeProvider _time;
    private readonly Func<string, bool> _isPublicSuffix;
    private int _count;
    private long _rank;

    /// <summary>Makes an empty jar.</summary>
    /// <param name="time">The clock by which cookies expire; by default the system's.</param>
    /// <param name="isPublicSuffix">Says of a domain in lower case whether it is a public suffix; by default <see cref="PublicSuffixes.IsSingleLabel"/>, which knows little.</param>
    public CookieJar(TimeProvider? time = null, Func<string, bool>? isPublicSuffix = null)
    {
        _time = time ?? TimeProvider.System;
        _isPublicSuffix = isPublicSuffix ?? PublicSuffixes.IsSingleLabel;
        _byDomain = _domains.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How many cookies there are, expired ones that no request has met yet included.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _count;
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
            if (!cookie.Secure && !isSecure && ShadowsSecure(cookie))
                return CookieRefusal.ShadowsSecure;
            Insert(cookie);
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
            Insert(cookie);
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
            Match(canonicalHost, path.IsEmpty ? "/"u8 : path, isSecure);
            var separator = ""u8;
            foreach (var cookie in _matches)
            {
                cookie.LastUsed = ++_rank;
                output.Write(separator);
                if (!cookie.Name.IsEmpty)
                {
                    output.Write(cookie.Name.Span);
                    output.Write("="u8);
                }
                output.Write(cookie.Value.Span);
                separator = "; "u8;
            }
            var written = _matches.Count;
            _matches.Clear();
            return written;
        }
    }

    /// <summary>The cookies that have not expired, in the order of their creation.</summary>
    public IReadOnlyList<Cookie> ToList()
    {
        var now = _time.GetUtcNow();
        var list = new List<Cookie>();
        lock (_lock)
        {
            foreach (var cookies in _domains.Values)
            {
                foreach (var cookie in cookies)
                {
                    if (!cookie.IsExpired(now))
                        list.Add(cookie);
                }
            }
        }
        list.Sort(static (a, b) => a.Created.CompareTo(b.Created));
        return list;
    }

    /// <summary>Removes all cookies.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _domains.Clear();
            _count = 0;
        }
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

    private bool ShadowsSecure(Cookie cookie)
    {
        foreach (var (domain, cookies) in _domains)
        {
            if (!CookieMatching.DomainMatches(domain, cookie.Domain) && !CookieMatching.DomainMatches(cookie.Domain, domain))
                continue;
            foreach (var other in cookies)
            {
                if (other.Secure && other.Name.Span.SequenceEqual(cookie.Name.Span) && CookieMatching.PathMatches(cookie.Path.Span, other.Path.Span))
                    return true;
            }
        }
        return false;
    }

    // Steps 23 and 24, then section 5.7's eviction. A cookie that has expired is not kept: its place in the store would be the first to be cleared.
    private void Insert(Cookie cookie)
    {
        var now = _time.GetUtcNow();
        if (!_domains.TryGetValue(cookie.Domain, out var cookies))
            _domains[cookie.Domain] = cookies = [];
        cookie.Created = cookie.LastUsed = ++_rank;
        var old = cookies.FindIndex(cookie.IsSame);
        if (old >= 0)
        {
            cookie.Created = cookies[old].Created;
            RemoveAt(cookies, old);
        }
        if (!cookie.IsExpired(now))
        {
            cookies.Add(cookie);
            _count++;
        }
        if (cookies.Count > MaxPerDomain && !RemoveExpired(cookies, now))
            RemoveAt(cookies, LeastRecentlyUsed(cookies));
        if (cookies.Count == 0)
            _domains.Remove(cookie.Domain);
        if (_count > MaxCookies)
            Evict(now);
    }

    private void Evict(DateTimeOffset now)
    {
        List<Cookie>? oldest = null;
        var index = 0;
        foreach (var (domain, cookies) in _domains)
        {
            RemoveExpired(cookies, now);
            if (cookies.Count == 0)
            {
                _domains.Remove(domain);
                continue;
            }
            for (var i = 0; i < cookies.Count; i++)
            {
                if (oldest is null || cookies[i].LastUsed < oldest[index].LastUsed)
                    (oldest, index) = (cookies, i);
            }
        }
        if (_count <= MaxCookies)
            return;
        var name = oldest![index].Domain;
        RemoveAt(oldest, index);
        if (oldest.Count == 0)
            _domains.Remove(name);
    }

    // Of a domain that has too many, those without Secure go first.
    private static int LeastRecentlyUsed(List<Cookie> cookies)
    {
        var least = 0;
        for (var i = 1; i < cookies.Count; i++)
        {
            var (cookie, other) = (cookies[i], cookies[least]);
            if (cookie.Secure == other.Secure ? cookie.LastUsed < other.LastUsed : other.Secure)
                least = i;
        }
        return least;
    }

    private bool RemoveExpired(List<Cookie> cookies, DateTimeOffset now)
    {
        var removed = false;
        for (var i = cookies.Count - 1; i >= 0; i--)
        {
            if (!cookies[i].IsExpired(now))
                continue;
            RemoveAt(cookies, i);
            removed = true;
        }
        return removed;
    }

    private void RemoveAt(List<Cookie> cookies, int index)
    {
        cookies.RemoveAt(index);
        _count--;
    }

    // Section 5.8.3: looks under the host and each domain above it, then sorts by longer path and earlier creation.
    private void Match(ReadOnlySpan<char> host, ReadOnlySpan<byte> path, bool isSecure)
    {
        var now = _time.GetUtcNow();
        var isAddress = CookieMatching.IsAddress(host);
        for (var domain = host; ; domain = domain[(domain.IndexOf('.') + 1)..])
        {
            if (_byDomain.TryGetValue(domain, out var cookies))
            {
                foreach (var cookie in cookies)
                {
                    if ((!cookie.HostOnly || domain.Length == host.Length) && (isSecure || !cookie.Secure) && !cookie.IsExpired(now)
                        && CookieMatching.PathMatches(path, cookie.Path.Span))
                        _matches.Add(cookie);
                }
            }
            if (isAddress || !domain.Contains('.'))
                break;
        }
        _matches.Sort(static (a, b) => a.Path.Length != b.Path.Length ? b.Path.Length.CompareTo(a.Path.Length) : a.Created.CompareTo(b.Created));
    }

    private static ReadOnlySpan<char> Canonicalize(ReadOnlySpan<byte> host, Span<char> lower)
    {
        if (host.Length is 0 or > MaxHost || !Ascii.IsValid(host))
            throw new ArgumentException($"The host must be 1 to {MaxHost} bytes of ASCII (A-labels); found {host.Length} bytes.", nameof(host));
        Ascii.ToLower(host, lower, out var length);
        return lower[..length];
    }
}
