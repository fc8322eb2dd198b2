namespace Gatehouse.Http.Cookies;

/// <summary>The cookies of a <see cref="CookieJar"/> by domain, within its bounds. Not safe for threads: the jar holds its lock.</summary>
internal sealed class CookieStore
{
    private readonly Dictionary<string, List<Cookie>> _domains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Cookie>>.AlternateLookup<ReadOnlySpan<char>> _byDomain;
    private long _rank;

    public CookieStore() => _byDomain = _domains.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How many cookies there are.</summary>
    public int Count { get; private set; }

    /// <summary>True when a Secure cookie of that name is in reach of the cookie's domain and path (section 5.7 step 16).</summary>
    public bool ShadowsSecure(Cookie cookie)
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

    /// <summary>Takes a cookie, in place of the same one (steps 23 and 24), and evicts what is too many. One that has expired only removes.</summary>
    public void Insert(Cookie cookie, DateTimeOffset now)
    {
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
            Count++;
        }
        if (cookies.Count > CookieJar.MaxPerDomain && !RemoveExpired(cookies, now))
            RemoveAt(cookies, LeastRecentlyUsed(cookies));
        if (cookies.Count == 0)
            _domains.Remove(cookie.Domain);
        if (Count > CookieJar.MaxCookies)
            Evict(now);
    }

    /// <summary>Collects what a request is to carry (section 5.8.3), by longer path and earlier creation.</summary>
    public void Match(ReadOnlySpan<char> host, ReadOnlySpan<byte> path, bool isSecure, DateTimeOffset now, List<Cookie> matches)
    {
        var isAddress = CookieMatching.IsAddress(host);
        for (var domain = host; ; domain = domain[(domain.IndexOf('.') + 1)..])
        {
            if (_byDomain.TryGetValue(domain, out var cookies))
            {
                foreach (var cookie in cookies)
                {
                    if ((!cookie.HostOnly || domain.Length == host.Length) && (isSecure || !cookie.Secure) && !cookie.IsExpired(now)
                        && CookieMatching.PathMatches(path, cookie.Path.Span))
                        matches.Add(cookie);
                }
            }
            if (isAddress || !domain.Contains('.'))
                break;
        }
        matches.Sort(static (a, b) => a.Path.Length != b.Path.Length ? b.Path.Length.CompareTo(a.Path.Length) : a.Created.CompareTo(b.Created));
    }

    /// <summary>Makes the cookie the one used last.</summary>
    public void Touch(Cookie cookie) => cookie.LastUsed = ++_rank;

    /// <summary>The cookies that have not expired, in the order of their creation.</summary>
    public List<Cookie> ToList(DateTimeOffset now)
    {
        var list = new List<Cookie>();
        foreach (var cookies in _domains.Values)
        {
            foreach (var cookie in cookies)
            {
                if (!cookie.IsExpired(now))
                    list.Add(cookie);
            }
        }
        list.Sort(static (a, b) => a.Created.CompareTo(b.Created));
        return list;
    }

    /// <summary>Removes all cookies.</summary>
    public void Clear()
    {
        _domains.Clear();
        Count = 0;
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
        if (Count <= CookieJar.MaxCookies)
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
        Count--;
    }
}
