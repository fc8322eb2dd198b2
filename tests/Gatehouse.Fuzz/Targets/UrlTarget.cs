using System.Text;
using Gatehouse.Http.Urls;

namespace Gatehouse.Fuzz.Targets;

/// <summary>
/// URLs by themselves and relative to a base: what was parsed is serialised to itself again, every component is in the form in which it goes onto the wire, and
/// what is no URL has a reason.
/// </summary>
internal sealed class UrlTarget : IFuzzTarget
{
    private static readonly Url[] Bases =
    [
        Url.Parse("http://user:pass@example.com:8080/a/b/../c?q=1#f"), Url.Parse("file:///a/b"), Url.Parse("mailto:a@example.com"), Url.Parse("x-custom://h/p/q"),
    ];

    public string Name => "url";

    public IEnumerable<byte[]> Seeds => Targets.Seeds.Of(
        "http://example.com/", "https://user:pass@EXAMPLE.com:443/a/./b/%2e%2e/c?x=y#z", "//host/path", "../x?y", "?q", "#f", "", "http://[::1]:80/", "http://0x7f.1/",
        "http://1.2.3.4.5/", "file:///C:/a/..", "mailto:a@b", "data:text/plain,x y", "http://ex%41mple.com/", "http://b\u00c3\u00bccher.example/\u00c3\u00a9?\u00c3\u00a9#\u00c3\u00a9",
        "  http://a/\t\r\nb ", "http:\\\\a\\b", "http://a b/", "http://a:65536/", "x:/.//y", "blob:https://a.example/x", "http://xn--bcher-kva.example/",
        "ws://a/?%zz&'\"<>", "http://[1::2::3]/", "http://a@b@c:1/d");

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        Check(text, null);
        foreach (var start in Bases)
            Check(text, start);
    }

    private static void Check(string text, Url? start)
    {
        if (!Url.TryParse(text, start, out var url, out var error))
        {
            Claim.That(!string.IsNullOrEmpty(error), "what is no URL has a reason");
            return;
        }
        var href = url.Href;
        Claim.That(href.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 || url.HasOpaquePath || !url.IsSpecial, "a special URL is visible ASCII");
        Claim.That(!href.AsSpan().ContainsAny("\r\n\t\0"), "a URL has no CR, LF, TAB or NUL");
        Claim.That(Url.TryParse(href, null, out var again, out _), "what a URL is serialised to is a URL");
        Claim.Same(href, again!.Href, "of its own serialisation");
        Claim.Same(Parts(url), Parts(again), "in the parts of its own serialisation");
        Claim.That(url.Port is null or (>= 0 and <= 65535), "a port has 16 bits");
        Claim.That(!url.IsSpecial || url.Path.StartsWith('/'), "the path of a special URL begins with a slash");
        Claim.That(url.HasOpaquePath || !url.Path.Split('/').Any(segment => segment is "." or ".."), "no dot segment is left");
    }

    private static string Parts(Url url) => $"{url.Scheme} {url.UserName} {url.Password} {url.Host} {url.Port} {url.Path} {url.Query} {url.Fragment}";
}
