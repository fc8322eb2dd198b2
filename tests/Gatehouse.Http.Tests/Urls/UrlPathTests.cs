using System.Buffers;
using System.Text;
using CsCheck;

namespace Gatehouse.Http.Tests.Urls;

public class UrlPathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("*", "*")]
    [InlineData("", "")]
    [InlineData("/a/b.css", "/a/b.css")]
    [InlineData("/.well-known/acme-challenge/x", "/.well-known/acme-challenge/x")]
    [InlineData("/..a/...", "/..a/...")]
    [InlineData("/a%20b", "/a b")]
    [InlineData("/%61", "/a")]
    [InlineData("/a//b", "/a/b")]
    [InlineData("//", "/")]
    [InlineData("///a///", "/a/")]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/.", "/")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/b/../c", "/a/c")]
    [InlineData("/a//../b", "/b")]
    [InlineData("/a/b/../../c", "/c")]
    [InlineData("/caf%C3%A9", "/café")]
    [InlineData("/café", "/café")]
    [InlineData("/a%3Fb%23c", "/a?b#c")]
    [InlineData("/a\\..\\b", "/a\\..\\b")]
    [InlineData("/a%5C..%5Cb", "/a\\..\\b")]
    [InlineData("/a+b", "/a+b")]
    [InlineData("/a;x=1/b", "/a;x=1/b")]
    public void Normalizes(string raw, string expected) => Assert.Equal(expected, Normalize(raw));

    [Theory]
    [InlineData("a")]
    [InlineData("a/b")]
    [InlineData("**")]
    [InlineData("%2Fa")]
    [InlineData("?")]
    public void Refuses_what_does_not_begin_with_a_slash(string raw) => Assert.Null(Normalize(raw));

    [Theory]
    [InlineData("/%")]
    [InlineData("/%4")]
    [InlineData("/a%4")]
    [InlineData("/%zz")]
    [InlineData("/%4g")]
    [InlineData("/%%41")]
    [InlineData("/%u0041")]
    [InlineData("/0123456789abcdef0123456789%")]
    public void Refuses_an_invalid_escape(string raw) => Assert.Null(Normalize(raw));

    [Theory]
    [InlineData("/%00")]
    [InlineData("/a%00.png")]
    [InlineData("/%0d%0aSet-Cookie:x")]
    [InlineData("/%1f")]
    [InlineData("/%7F")]
    [InlineData("/\u0001")]
    [InlineData("/a\u007f")]
    public void Refuses_control_characters(string raw) => Assert.Null(Normalize(raw));

    [Theory]
    [InlineData("/%80")]
    [InlineData("/%C3")]
    [InlineData("/%C3/%A9")]
    [InlineData("/%C0%AF")] // over-long slash
    [InlineData("/%C0%AE%C0%AE/")] // over-long dots
    [InlineData("/%E0%80%AF")]
    [InlineData("/%F8%80%80%80%AF")]
    [InlineData("/%ED%A0%80")] // surrogate
    [InlineData("/%F4%90%80%80")] // above U+10FFFF
    [InlineData("/%FF/../a")] // even in a segment that is taken off again
    public void Refuses_invalid_utf8(string raw) => Assert.Null(Normalize(raw));

    [Fact]
    public void Refuses_raw_bytes_that_are_not_utf8()
    {
        byte[] raw = [(byte)'/', 0xff];
        Assert.True(UrlPath.NeedsNormalizing(raw));
        Assert.False(UrlPath.TryNormalize(raw, new byte[2], out var written));
        Assert.Equal(0, written);
    }

    /// <summary>Every spelling of "/a/../../etc/passwd" leaves the root, and every spelling of "/a/b/../c" stays below it.</summary>
    [Fact]
    public void Resolves_dot_segments_in_every_spelling()
    {
        string[] dots = [".", "%2e", "%2E"];
        string[] slashes = ["/", "%2f", "%2F", "//", "/./", "/%2e/", "%2f%2F"];
        foreach (var first in dots)
            foreach (var second in dots)
                foreach (var before in slashes)
                    foreach (var after in slashes)
                    {
                        var up = first + second;
                        Assert.Null(Normalize($"/a{before}{up}{after}{up}{before}etc{after}passwd"));
                        Assert.Null(Normalize($"/{up}"));
                        Assert.Null(Normalize($"/{up}{after}"));
                        Assert.Equal("/a/c", Normalize($"/a{before}b{after}{up}{before}c"));
                    }
    }

    [Theory]
    [InlineData("/%252e%252e/etc", "/%2e%2e/etc")]
    [InlineData("/%252e", "/%2e")]
    [InlineData("/..%252f..%252f", "/..%2f..%2f")]
    [InlineData("/%25252e", "/%252e")]
    [InlineData("/%2500", "/%00")]
    public void Decodes_once(string raw, string expected) => Assert.Equal(expected, Normalize(raw));

    [Theory]
    [InlineData("/", false)]
    [InlineData("", false)]
    [InlineData("*", false)]
    [InlineData("/index.html", false)]
    [InlineData("/.well-known/x", false)]
    [InlineData("/a/..b/.c", false)]
    [InlineData("/static/js/application.0123456789abcdef.min.js", false)]
    [InlineData("/a/", false)]
    [InlineData("/.", true)]
    [InlineData("/a/..", true)]
    [InlineData("/static/js/0123456789abcdef/..", true)]
    [InlineData("/static/js//0123456789abcdef", true)]
    [InlineData("/static/js/0123456789abcdef%", true)]
    [InlineData("/static/js/0123456789abcdefé", true)]
    [InlineData("x", true)]
    public void Knows_what_needs_normalizing(string raw, bool expected) => Assert.Equal(expected, UrlPath.NeedsNormalizing(Encoding.UTF8.GetBytes(raw)));

    /// <summary>Short, middling and long paths are looked at in different ways; none may miss a place.</summary>
    [Fact]
    public void Finds_what_needs_normalizing_at_every_place_of_every_length()
    {
        for (var length = 3; length < 70; length++)
        {
            for (var at = 1; at < length; at++)
            {
                Assert.True(UrlPath.NeedsNormalizing(With(length, at, "%"u8)));
                Assert.True(UrlPath.NeedsNormalizing(With(length, at, [0x80])));
                Assert.True(UrlPath.NeedsNormalizing(With(length, at, [0x7f])));
                Assert.True(UrlPath.NeedsNormalizing(With(length, at, [0x1f])));
                Assert.False(UrlPath.NeedsNormalizing(With(length, at, "."u8)));
                if (at > 1)
                    Assert.True(UrlPath.NeedsNormalizing(With(length, at - 1, "//"u8)));
                if (at > 2)
                    Assert.True(UrlPath.NeedsNormalizing(With(length, at - 2, at == length - 1 ? "/.."u8 : "/./"u8)));
            }
        }

        static byte[] With(int length, int at, ReadOnlySpan<byte> what)
        {
            var path = new byte[length];
            path.AsSpan().Fill((byte)'a');
            path[0] = (byte)'/';
            what.CopyTo(path.AsSpan(at));
            return path;
        }
    }

    [Theory]
    [InlineData("/a b", "/a%20b")]
    [InlineData("/café", "/caf%C3%A9")]
    [InlineData("/100%", "/100%25")]
    [InlineData("/a?b#c[d]", "/a%3Fb%23c%5Bd%5D")]
    [InlineData("/\\evil", "/%5Cevil")]
    [InlineData("/~a-b._c!$&'()*+,;=:@", "/~a-b._c!$&'()*+,;=:@")]
    [InlineData("", "")]
    public void Encodes(string path, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        Assert.Equal(expected, Encode(bytes));
        var exact = new byte[expected.Length];
        Assert.True(UrlPath.TryEncode(bytes, exact, out var written));
        Assert.Equal(expected, Encoding.ASCII.GetString(exact, 0, written));
        if (exact.Length > 0)
            Assert.False(UrlPath.TryEncode(bytes, exact.AsSpan(1), out _));
    }

    /// <summary>Strings made of what matters: slashes, dots, escapes of them, and arbitrary bytes.</summary>
    private static readonly Gen<byte[]> GenPath = Gen.OneOf(
            Gen.OneOf("/", "/", ".", "..", "%2e", "%2F", "%", "%25", "%00", "%c3%a9", "%ff", "a", "longer-segment-of-text", "é"),
            Gen.Byte.Select(b => ((char)b).ToString()))
        .Array[0, 24].Select(parts => Encoding.UTF8.GetBytes("/" + string.Concat(parts)));

    [Fact]
    public void A_result_is_safe_and_normalizing_it_again_changes_nothing() => GenPath.Sample(raw =>
    {
        var destination = new byte[raw.Length];
        if (!UrlPath.TryNormalize(raw, destination, out var written))
            return written == 0;
        var path = destination.AsSpan(0, written);
        var text = Encoding.UTF8.GetString(path);
        Assert.StartsWith("/", text, StringComparison.Ordinal);
        Assert.DoesNotContain("//", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text.Split('/'), segment => segment is "." or "..");
        Assert.DoesNotContain(text, c => c < 0x20 || c == 0x7f);
        return Normalize(Encode(path)) == text;
    });

    [Fact]
    public void What_needs_no_normalizing_is_returned_unchanged_and_the_reverse() => Gen.OneOf(GenPath, Gen.Byte.Array[0, 40]).Sample(raw =>
    {
        var destination = new byte[raw.Length];
        var isValid = UrlPath.TryNormalize(raw, destination, out var written);
        var isUnchanged = isValid && destination.AsSpan(0, written).SequenceEqual(raw);
        return UrlPath.NeedsNormalizing(raw) ? !isUnchanged || raw.Any(b => b >= 0x80) : isUnchanged;
    });

    private static string? Normalize(string raw)
    {
        var bytes = Encoding.UTF8.GetBytes(raw);
        var destination = new byte[bytes.Length];
        return UrlPath.TryNormalize(bytes, destination, out var written) ? Encoding.UTF8.GetString(destination, 0, written) : null;
    }

    private static string Encode(ReadOnlySpan<byte> path)
    {
        var output = new ArrayBufferWriter<byte>();
        UrlPath.Encode(path, output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }
}
