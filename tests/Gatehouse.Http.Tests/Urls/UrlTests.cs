using CsCheck;
using Gatehouse.Http.Urls;

namespace Gatehouse.Http.Tests.Urls;

public class UrlTests
{
    private static readonly string[] Fragments =
    [
        "http", "https", "file", "ftp", "mailto", "blob", "x-y", ":", "/", "//", "\\", "?", "#", "@", "[", "]", "::", "[::1]", "[1:2::7.8.9.10]", "127.0.0.1",
        "0x7f.1", "256",
        "example.com", "EXAMPLE", "ü", "xn--", "%41", "%2e", "%", "..", ".", "C:", "C|", " ", "\t", "\0", "\ud800", "80", "65536", "user", "localhost", "a b",
    ];

    private static readonly Gen<string> GenText =
        Gen.OneOf(Gen.OneOf(Fragments), Gen.Char.Select(character => character.ToString())).Array[0, 12].Select(string.Concat);

    [Fact]
    public void Has_components()
    {
        var url = Url.Parse("HTTPS://u%20s:p@w@Example.COM:8443/a/./b/../c d?q=é'#f g");
        Assert.Equal("https", url.Scheme);
        Assert.Equal("u%20s", url.UserName);
        Assert.Equal("p%40w", url.Password);
        Assert.Equal("example.com", url.Host);
        Assert.Equal(8443, url.Port);
        Assert.Equal(8443, url.EffectivePort);
        Assert.Equal("/a/c%20d", url.Path);
        Assert.Equal("q=%C3%A9%27", url.Query);
        Assert.Equal("f%20g", url.Fragment);
        Assert.Equal("example.com:8443", url.Authority);
        Assert.Equal("/a/c%20d?q=%C3%A9%27", url.PathAndQuery);
        Assert.Equal("https://example.com:8443", url.Origin);
        Assert.Equal("https://u%20s:p%40w@example.com:8443/a/c%20d?q=%C3%A9%27#f%20g", url.Href);
        Assert.Equal("https://u%20s:p%40w@example.com:8443/a/c%20d?q=%C3%A9%27", url.HrefWithoutFragment);
        Assert.True(url.IsSpecial);
        Assert.False(url.HasOpaquePath);
    }

    [Theory]
    [InlineData("http://h:80/", null, 80)]
    [InlineData("https://h:443/", null, 443)]
    [InlineData("https://h:80/", 80, 80)]
    [InlineData("ws://h:/", null, 80)]
    [InlineData("http://h:00008080/", 8080, 8080)]
    [InlineData("http://h:0/", 0, 0)]
    [InlineData("other://h:80/", 80, 80)]
    [InlineData("other://h/", null, null)]
    public void Knows_ports(string input, int? port, int? effective)
    {
        var url = Url.Parse(input);
        Assert.Equal(port, url.Port);
        Assert.Equal(effective, url.EffectivePort);
    }

    // RFC 3986 section 5.4, less what the URL standard decides otherwise (an http: reference to the same scheme is relative).
    [Theory]
    [InlineData("g:h", "g:h")]
    [InlineData("g", "http://a/b/c/g")]
    [InlineData("./g", "http://a/b/c/g")]
    [InlineData("g/", "http://a/b/c/g/")]
    [InlineData("/g", "http://a/g")]
    [InlineData("//g", "http://g/")]
    [InlineData("?y", "http://a/b/c/d;p?y")]
    [InlineData("g?y", "http://a/b/c/g?y")]
    [InlineData("#s", "http://a/b/c/d;p?q#s")]
    [InlineData("g#s", "http://a/b/c/g#s")]
    [InlineData(";x", "http://a/b/c/;x")]
    [InlineData("", "http://a/b/c/d;p?q")]
    [InlineData(".", "http://a/b/c/")]
    [InlineData("..", "http://a/b/")]
    [InlineData("../g", "http://a/b/g")]
    [InlineData("../../g", "http://a/g")]
    [InlineData("../../../../g", "http://a/g")]
    [InlineData("/../g", "http://a/g")]
    [InlineData("g;x=1/../y", "http://a/b/c/y")]
    [InlineData("g?y/../x", "http://a/b/c/g?y/../x")]
    [InlineData("http:g", "http://a/b/c/g")]
    [InlineData("%2e%2E/g", "http://a/b/g")]
    public void Resolves_references(string reference, string expected) => Assert.Equal(expected, Url.Parse(reference, Url.Parse("http://a/b/c/d;p?q")).Href);

    [Theory]
    [InlineData("http://2130706433/", "127.0.0.1")]
    [InlineData("http://0x7f.1/", "127.0.0.1")]
    [InlineData("http://017700000001/", "127.0.0.1")]
    [InlineData("http://127.0.0.1./", "127.0.0.1")]
    [InlineData("http://１２７.0.0.1/", "127.0.0.1")]
    [InlineData("http://[2001:DB8:0:0:1:0:0:1]/", "[2001:db8::1:0:0:1]")]
    [InlineData("http://[::ffff:1.2.3.4]/", "[::ffff:102:304]")]
    [InlineData("http://[0:0:0:0:0:0:0:0]/", "[::]")]
    [InlineData("http://[1:2:3:4:5:6:7::]/", "[1:2:3:4:5:6:7:0]")]
    [InlineData("http://[1:2:3:4:5:6:7:8]/", "[1:2:3:4:5:6:7:8]")]
    [InlineData("http://ex%41mple.com/", "example.com")]
    [InlineData("http://bücher.example/", "xn--bcher-kva.example")]
    [InlineData("other://H%41/", "H%41")]
    [InlineData("file:///x", "")]
    [InlineData("file://localhost/x", "")]
    public void Parses_hosts(string input, string expected) => Assert.Equal(expected, Url.Parse(input).Host);

    [Theory]
    [InlineData("", "scheme")]
    [InlineData("/path", "scheme")]
    [InlineData("example.com/a", "scheme")]
    [InlineData("http://", "host")]
    [InlineData("http:///?x", "host")]
    [InlineData("http://:80/", "host")]
    [InlineData("http://u@/", "host")]
    [InlineData("http://h:x/", "port")]
    [InlineData("http://h:-1/", "port")]
    [InlineData("http://h: 80/", "port")]
    [InlineData("http://h:65536/", "65535")]
    [InlineData("http://h:99999999999999999999/", "65535")]
    [InlineData("http://a b/", "domain")]
    [InlineData("http://a%00b/", "domain")]
    [InlineData("http://a%2Fb/", "domain")]
    [InlineData("http://%ff/", "domain")]
    [InlineData("http://\u00ad/", "domain")]
    [InlineData("http://1.2.3.4.5/", "IPv4")]
    [InlineData("http://256.0.0.1/", "IPv4")]
    [InlineData("http://1.2.3.09/", "IPv4")]
    [InlineData("http://a.0x/", "IPv4")]
    [InlineData("http://[::1/", "IPv6")]
    [InlineData("http://[]/", "IPv6")]
    [InlineData("http://[::1%25eth0]/", "IPv6")]
    [InlineData("http://[1:2:3:4:5:6:7:8:9]/", "IPv6")]
    [InlineData("http://[1::2::3]/", "IPv6")]
    [InlineData("http://[:1]/", "IPv6")]
    [InlineData("http://[1:]/", "IPv6")]
    [InlineData("http://[::1.2.3.04]/", "IPv6")]
    [InlineData("http://[::1.2.3]/", "IPv6")]
    [InlineData("http://[::12345]/", "IPv6")]
    [InlineData("other://a b/", "character")]
    public void Says_what_was_expected(string input, string expected)
    {
        Assert.False(Url.TryParse(input, null, out var url, out var error));
        Assert.Null(url);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        var exception = Assert.Throws<FormatException>(() => Url.Parse(input));
        Assert.Contains(error, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_opaque_path_is_a_base_for_fragments_only()
    {
        var mail = Url.Parse("mailto:a@example.com?subject=x y");
        Assert.True(mail.HasOpaquePath);
        Assert.Equal("a@example.com", mail.Path);
        Assert.Null(mail.Host);
        Assert.Equal("mailto:a@example.com?subject=x%20y#top", Url.Parse("#top", mail).Href);
        Assert.False(Url.TryParse("b", mail, out _, out var error));
        Assert.Contains("mailto:", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///a", "null")]
    [InlineData("mailto:a", "null")]
    [InlineData("blob:https://example.com:443/x", "https://example.com")]
    [InlineData("blob:blob:https://example.com/x", "null")]
    [InlineData("wss://h:444/x", "wss://h:444")]
    public void Has_an_origin(string input, string expected) => Assert.Equal(expected, Url.Parse(input).Origin);

    [Fact]
    public void Urls_are_equal_when_they_serialise_alike()
    {
        Assert.Equal(Url.Parse("HTTP://h:80/a/../b"), Url.Parse("http://h/b"));
        Assert.Equal(Url.Parse("http://h/b").GetHashCode(), Url.Parse("http://h/b").GetHashCode());
        Assert.NotEqual(Url.Parse("http://h/b"), Url.Parse("http://h/b?"));
        Assert.NotEqual(Url.Parse("http://h/b"), Url.Parse("http://h/b#"));
    }

    [Fact]
    public void A_path_of_two_slashes_without_host_does_not_become_an_authority()
    {
        var url = Url.Parse("x:/..//p");
        Assert.Equal("x:/.//p", url.Href);
        Assert.Equal("//p", url.Path);
        Assert.Equal(url, Url.Parse(url.Href));
    }

    [Fact]
    public void Anything_never_throws_and_what_parses_is_stable_printable_ascii() =>
        Gen.Select(GenText, Gen.OneOf("http://h/a/b?q", "file:///C:/a", "x:/a", "mailto:x")).Sample((text, baseText) =>
        {
            foreach (var baseUrl in new[] { null, Url.Parse(baseText) })
            {
                if (!Url.TryParse(text, baseUrl, out var url, out _))
                    continue;
                Assert.Equal(url.Href, Url.Parse(url.Href).Href);
                Assert.DoesNotContain(url.Href, character => character is < ' ' or > '~');
                Assert.DoesNotContain(url.Path.Split('/'), segment => !url.HasOpaquePath && segment is "." or "..");
            }
        });

    [Fact]
    public void A_host_in_a_url_always_reparses_as_itself() => GenText.Sample(text =>
        !Url.TryParse($"http://{text}/", null, out var url, out _) || Url.Parse($"http://{url.Host}/").Host == url.Host);
}
