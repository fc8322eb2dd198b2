using System.Buffers;
using System.Text;
using CsCheck;
using Gatehouse.Http.Cookies;

namespace Gatehouse.Http.Tests.Cookies;

public class CookieJarTests
{
    private readonly FixedTime _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CookieJar _jar;

    public CookieJarTests() => _jar = new CookieJar(_time);

    [Theory]
    [InlineData("a=b", "example.com", "/", "a=b")]
    [InlineData("a=b", "EXAMPLE.com", "/", "a=b")]
    [InlineData("a=b", "www.example.com", "/", null)]
    [InlineData("a=b; Domain=example.com", "www.example.com", "/", "a=b")]
    [InlineData("a=b; Domain=.EXAMPLE.com", "x.y.example.com", "/", "a=b")]
    [InlineData("a=b; Domain=example.com", "badexample.com", "/", null)]
    [InlineData("a=b; Path=/x", "example.com", "/x", "a=b")]
    [InlineData("a=b; Path=/x", "example.com", "/x/y", "a=b")]
    [InlineData("a=b; Path=/x", "example.com", "/xy", null)]
    [InlineData("a=b; Path=/x/", "example.com", "/x", null)]
    [InlineData("a=b; Path=/x/", "example.com", "/x/", "a=b")]
    [InlineData("a=b", "example.com", "", "a=b")]
    public void Sends_where_domain_and_path_match(string field, string host, string path, string? expected)
    {
        Assert.Equal(CookieRefusal.None, Store(field));
        Assert.Equal(expected, Cookies(host, path));
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("", "/")]
    [InlineData("*", "/")]
    [InlineData("/a", "/")]
    [InlineData("/a/b", "/a")]
    [InlineData("/a/b/", "/a/b")]
    [InlineData("/a//", "/a/")]
    public void Has_the_default_path_of_the_request(string request, string expected)
    {
        Store("a=b; Path=x", path: request);
        Assert.Equal(expected, Encoding.ASCII.GetString(_jar.ToList()[0].Path.Span));
    }

    [Theory]
    [InlineData("a=b; Domain=other.com", CookieRefusal.DomainMismatch)]
    [InlineData("a=b; Domain=www.example.com", CookieRefusal.DomainMismatch)]
    [InlineData("a=b; Domain=com", CookieRefusal.PublicSuffix)]
    [InlineData("a=b; Domain=b\u00fccher.com", CookieRefusal.MalformedDomain)]
    [InlineData("a=b; SameSite=None", CookieRefusal.SameSiteNoneNotSecure)]
    [InlineData("a=b; Partitioned", CookieRefusal.PartitionedNotSecure)]
    [InlineData("__Secure-a=b", CookieRefusal.SecurePrefix)]
    [InlineData("__SECURE-a=b", CookieRefusal.SecurePrefix)]
    [InlineData("__Host-a=b; Path=/", CookieRefusal.HostPrefix)]
    [InlineData("__Host-a=b; Secure", CookieRefusal.HostPrefix)]
    [InlineData("__Host-a=b; Secure; Path=/x", CookieRefusal.HostPrefix)]
    [InlineData("__host-a=b; Secure; Path=/; Domain=example.com", CookieRefusal.HostPrefix)]
    [InlineData("__Host-a=b; Secure; Path=/", CookieRefusal.None)]
    [InlineData("=__Host-a=b; Secure; Path=/", CookieRefusal.NamelessPrefix)]
    [InlineData("__secure-a; Secure", CookieRefusal.NamelessPrefix)]
    [InlineData("", CookieRefusal.Empty)]
    [InlineData("a=b\u0001", CookieRefusal.ControlCharacter)]
    public void Refuses_and_says_why(string field, CookieRefusal refusal)
    {
        Assert.Equal(refusal, Store(field));
        Assert.Equal(refusal == CookieRefusal.None ? 1 : 0, _jar.Count);
    }

    [Fact]
    public void Secure_cookies_stay_on_secure_connections()
    {
        Assert.Equal(CookieRefusal.SecureFromPlain, Store("a=b; Secure", secure: false));
        Assert.Equal(CookieRefusal.None, Store("a=b; Secure; Path=/x"));
        Assert.Null(Cookies("example.com", "/x", secure: false));
        Assert.Equal("a=b", Cookies("example.com", "/x"));

        // A plain connection cannot stand in for a Secure cookie, at its path, below it, or from a domain above or below.
        Assert.Equal(CookieRefusal.ShadowsSecure, Store("a=evil; Path=/x", secure: false));
        Assert.Equal(CookieRefusal.ShadowsSecure, Store("a=evil; Path=/x/y", secure: false));
        Assert.Equal(CookieRefusal.ShadowsSecure, Store("a=evil; Path=/x; Domain=example.com", host: "www.example.com", secure: false));
        Assert.Equal(CookieRefusal.None, Store("a=fine; Path=/", secure: false));
        Assert.Equal(CookieRefusal.None, Store("other=fine; Path=/x", secure: false));
    }

    [Fact]
    public void A_public_suffix_is_taken_from_itself_as_host_only()
    {
        Assert.Equal(CookieRefusal.None, Store("a=b; Domain=localhost", host: "localhost"));
        Assert.True(_jar.ToList()[0].HostOnly);
        Assert.Equal(CookieRefusal.PublicSuffix, Store("a=b; Domain=localhost", host: "x.localhost"));
        Assert.Equal(CookieRefusal.PublicSuffix, Store("a=b; Domain=com.", host: "example.com."));
        var jar = new CookieJar(_time, domain => domain is "co.uk");
        Assert.Equal(CookieRefusal.PublicSuffix, jar.Store("a.co.uk"u8, "/"u8, true, "a=b; Domain=CO.UK"u8));
        Assert.Equal(CookieRefusal.None, jar.Store("a.co.uk"u8, "/"u8, true, "a=b; Domain=a.co.uk"u8));
    }

    [Theory]
    [InlineData("127.0.0.1", "0.0.1")]
    [InlineData("127.0.0.1", "1")]
    [InlineData("x.0x7f", "0x7f")]
    [InlineData("[2001:db8::1]", "db8::1]")]
    public void An_address_matches_only_itself(string host, string domain)
    {
        Assert.Equal(CookieRefusal.DomainMismatch, Store("a=b; Domain=" + domain, host: host));
        Assert.Equal(CookieRefusal.None, Store("a=b; Domain=" + host, host: host));
        Assert.Equal("a=b", Cookies(host, "/"));
    }

    [Fact]
    public void Orders_by_path_then_creation_which_replacing_keeps()
    {
        foreach (var field in new[] { "a=1; Path=/", "b=2; Path=/x", "c=3; Path=/", "d=4; Path=/x/y", "a=5; Path=/" })
            Store(field);
        Assert.Equal("d=4; b=2; a=5; c=3", Cookies("example.com", "/x/y"));
        Assert.Equal(4, _jar.Count);
        Store("e; Path=/");
        Assert.Equal("a=5; c=3; e", Cookies("example.com", "/"));
    }

    [Fact]
    public void Cookies_end_by_Max_Age_before_Expires_and_after_400_days_at_most()
    {
        Store("session=1");
        Store("short=1; Max-Age=10; Expires=Fri, 01 Jan 2038 00:00:00 GMT");
        Store("dated=1; Expires=Thu, 01 Jan 2026 00:01:00 GMT");
        Store("long=1; Max-Age=99999999999999999999");
        Store("longer=1; Expires=Fri, 01 Jan 2038 00:00:00 GMT");
        Assert.Equal("session=1; short=1; dated=1; long=1; longer=1", Cookies("example.com", "/"));
        _time.Now += TimeSpan.FromSeconds(10);
        Assert.Equal("session=1; dated=1; long=1; longer=1", Cookies("example.com", "/"));
        _time.Now += TimeSpan.FromSeconds(50);
        Assert.Equal("session=1; long=1; longer=1", Cookies("example.com", "/"));
        _time.Now += CookieJar.MaxLifetime;
        Assert.Equal("session=1", Cookies("example.com", "/"));
        Assert.Single(_jar.ToList());
    }

    [Theory]
    [InlineData("a=; Max-Age=0")]
    [InlineData("a=; Max-Age=-1")]
    [InlineData("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT")]
    public void An_expired_cookie_removes(string field)
    {
        Store("a=b");
        Assert.Equal(CookieRefusal.None, Store(field));
        Assert.Equal(0, _jar.Count);
        Assert.Null(Cookies("example.com", "/"));
    }

    [Fact]
    public void A_domain_keeps_50_expired_then_insecure_then_least_used_go_first()
    {
        for (var i = 0; i < CookieJar.MaxPerDomain; i++)
            Store($"c{i}=1; {(i == 0 ? "Secure" : i == 30 ? "Max-Age=5" : "")}; Path=/{i}");
        _time.Now += TimeSpan.FromSeconds(5);
        Store("new1=1");
        Assert.Null(Cookies("example.com", "/30")?.Split("; ").FirstOrDefault(c => c.StartsWith("c30", StringComparison.Ordinal)));
        Cookies("example.com", "/1");
        Store("new2=1");
        Assert.Equal(CookieJar.MaxPerDomain, _jar.Count);
        Assert.StartsWith("c0=1", Cookies("example.com", "/0"), StringComparison.Ordinal);
        Assert.StartsWith("c1=1", Cookies("example.com", "/1"), StringComparison.Ordinal);
        Assert.Equal("new1=1; new2=1", Cookies("example.com", "/2"));
    }

    [Fact]
    public void The_jar_keeps_3000_and_drops_the_least_used()
    {
        for (var i = 0; i < CookieJar.MaxCookies; i++)
            Store("a=b", host: $"h{i / 40}.example.com", path: $"/{i}/");
        Assert.Equal(CookieJar.MaxCookies, _jar.Count);
        Assert.NotNull(Cookies("h0.example.com", "/0/"));
        for (var i = 0; i < 100; i++)
            Store("a=b", host: $"n{i}.example.com");
        Assert.Equal(CookieJar.MaxCookies, _jar.Count);
        Assert.NotNull(Cookies("h0.example.com", "/0/"));
        Assert.Null(Cookies("h0.example.com", "/1/"));
        Assert.NotNull(Cookies("n99.example.com", "/"));
    }

    [Fact]
    public void Refuses_a_host_that_no_request_can_have()
    {
        Assert.Throws<ArgumentException>(() => Store("a=b", host: ""));
        Assert.Throws<ArgumentException>(() => Store("a=b", host: "b\u00fccher.example"));
        Assert.Throws<ArgumentException>(() => Cookies(new string('a', 256), "/"));
    }

    [Fact]
    public void Holds_for_many_threads()
    {
        Parallel.For(0, 2000, i =>
        {
            Store($"a{i % 60}={i}", host: $"h{i % 70}.example.com");
            Cookies($"h{i % 70}.example.com", "/");
        });
        Assert.Equal(_jar.ToList().Count, _jar.Count);
    }

    [Fact]
    public void Stays_within_its_bounds_and_never_sends_a_control_character()
    {
        var part = Gen.OneOf(
            "a", "b", "=", ";", " ", "Path=/", "/x", "Domain=", "example.com", ".", "Max-Age=", "0", "9", "Secure", "__Host-", "\0", "\r\n", "\u00e9");
        var gen = Gen.Select(part.Array[0, 12].Select(parts => string.Concat(parts)), Gen.OneOf("example.com", "a.example.com", "com"), Gen.Bool);
        gen.Array[0, 80].Sample(stores =>
        {
            var jar = new CookieJar(_time);
            foreach (var (field, host, secure) in stores)
                jar.Store(Encoding.ASCII.GetBytes(host), "/x/y"u8, secure, Encoding.UTF8.GetBytes(field));
            var output = new ArrayBufferWriter<byte>();
            var sent = jar.Write("a.example.com"u8, "/x/y"u8, true, output);
            Assert.Equal(jar.Count, jar.ToList().Count);
            Assert.InRange(sent, 0, 3 * CookieJar.MaxPerDomain);
            Assert.False(output.WrittenSpan.ContainsAnyInRange((byte)0, (byte)8) || output.WrittenSpan.ContainsAnyInRange((byte)10, (byte)31));
        });
    }

    private CookieRefusal Store(string field, string host = "example.com", string path = "/", bool secure = true) =>
        _jar.Store(Encoding.UTF8.GetBytes(host), Encoding.ASCII.GetBytes(path), secure, Encoding.UTF8.GetBytes(field));

    private string? Cookies(string host, string path, bool secure = true)
    {
        var output = new ArrayBufferWriter<byte>();
        var count = _jar.Write(Encoding.UTF8.GetBytes(host), Encoding.ASCII.GetBytes(path), secure, output);
        Assert.Equal(count == 0, output.WrittenCount == 0);
        return count == 0 ? null : Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
