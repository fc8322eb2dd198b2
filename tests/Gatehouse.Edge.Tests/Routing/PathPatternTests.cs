using System.Text;
using CsCheck;
using Gatehouse.Edge.Routing;

namespace Gatehouse.Edge.Tests.Routing;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData("/ping", "/ping", PathMatchKind.Match, 0, "", "")]
    [InlineData("/ping", "/ping/", PathMatchKind.None, 0, "", "")]
    [InlineData("/ping", "/pin", PathMatchKind.None, 0, "", "")]
    [InlineData("/ping", "/Ping", PathMatchKind.None, 0, "", "")]
    [InlineData("/", "/", PathMatchKind.Match, 0, "", "")]
    [InlineData("/*", "/", PathMatchKind.Match, 0, "", "")]
    [InlineData("/*", "/a/b", PathMatchKind.Match, 0, "a/b", "")]
    [InlineData("/*", "*", PathMatchKind.None, 0, "", "")]
    [InlineData("/x/*", "/x/", PathMatchKind.Match, 2, "", "")]
    [InlineData("/x/*", "/x/y/z", PathMatchKind.Match, 2, "y/z", "")]
    [InlineData("/x/*", "/x", PathMatchKind.NeedsSlash, 2, "", "")]
    [InlineData("/x/*", "/xy", PathMatchKind.None, 0, "", "")]
    [InlineData("/x/*", "/", PathMatchKind.None, 0, "", "")]
    [InlineData("/x/y/*", "/x/y", PathMatchKind.NeedsSlash, 4, "", "")]
    [InlineData("/café/*", "/café/menu", PathMatchKind.Match, 6, "menu", "")]
    [InlineData("*.php", "/index.php", PathMatchKind.Match, 0, "index", "")]
    [InlineData("*.php", "/a/index.php/more/x", PathMatchKind.Match, 0, "a/index", "/more/x")]
    [InlineData("*.php", "/a.php/b.php", PathMatchKind.Match, 0, "a", "/b.php")]
    [InlineData("*.php", "/a.phps/b.php/", PathMatchKind.Match, 0, "a.phps/b", "/")]
    [InlineData("*.php", "/a.php5", PathMatchKind.None, 0, "", "")]
    [InlineData("*.php", "/aphp", PathMatchKind.None, 0, "", "")]
    [InlineData("*.php", "/", PathMatchKind.None, 0, "", "")]
    public void Matches(string pattern, string path, PathMatchKind kind, int prefix, string wildcard, string pathInfo)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var match = PathPattern.Parse(pattern).Match(bytes);
        Assert.Equal(kind, match.Kind);
        Assert.Equal(kind == PathMatchKind.Match, match.IsMatch);
        Assert.Equal(prefix, match.PrefixLength);
        Assert.Equal(wildcard, Encoding.UTF8.GetString(bytes, match.WildcardStart, match.WildcardLength));
        Assert.Equal(pathInfo, kind == PathMatchKind.None ? "" : Encoding.UTF8.GetString(bytes.AsSpan(match.PathInfoStart)));
    }

    [Theory]
    [InlineData("", "found '', expected ")]
    [InlineData("ping", "found 'ping', expected ")]
    [InlineData("*", "found '*', where * is neither ")]
    [InlineData("/a*", "found '/a*', where * is neither ")]
    [InlineData("/a/*/b", "found '/a/*/b', where * is neither ")]
    [InlineData("/*/*", "found '/*/*', where * is neither ")]
    [InlineData("*.php/*", "found '*.php/*', where * is neither ")]
    [InlineData("*/x", "found '*/x', where * is neither ")]
    [InlineData("/a?b=1", "found '/a?b=1', which holds a ? or #")]
    [InlineData("/caf%C3%A9", "found '/caf%C3%A9', expected a decoded path")]
    [InlineData("/a//b", "found '/a//b', which matches no path")]
    [InlineData("/a/../b", "found '/a/../b', which matches no path")]
    [InlineData("/a/.", "found '/a/.', which matches no path")]
    [InlineData("/./*", "found '/./*', which matches no path")]
    public void Refuses_with_a_reason(string text, string reason)
    {
        Assert.False(PathPattern.TryParse(text, out _, out var fault));
        Assert.StartsWith(reason, fault, StringComparison.Ordinal);
        Assert.Equal(fault, Assert.Throws<FormatException>(() => PathPattern.Parse(text)).Message);
    }

    [Fact]
    public void Every_pattern_taken_fits_the_schema_and_survives_its_text()
        => Gen.Char["/*.ax%é?"].Array[0, 8].Select(characters => new string(characters)).Sample(
            text =>
            {
                if (!PathPattern.TryParse(text, out var pattern, out _))
                    return;
                Assert.Matches(PathPattern.Pattern, text);
                Assert.Equal(text, pattern.ToString());
                Assert.Equal(pattern, PathPattern.Parse(text));
                Assert.Equal(pattern.GetHashCode(), PathPattern.Parse(text).GetHashCode());
            },
            iter: 20_000);

    [Fact]
    public void A_match_stays_inside_the_path_whatever_it_is()
        => Gen.Select(Gen.Int[0, 4], Gen.OneOf(Gen.Byte, Gen.Char["/x.ph"].Select(character => (byte)character)).Array[0, 40]).Sample(
            (index, path) =>
            {
                string[] patterns = ["/x/*", "/*", "*.php", "/x", "*p"];
                var match = PathPattern.Parse(patterns[index]).Match(path);
                Assert.InRange(match.PathInfoStart, 0, path.Length);
                Assert.InRange(match.WildcardStart + match.WildcardLength, match.WildcardStart, Math.Max(path.Length, match.WildcardStart));
                Assert.InRange(match.PrefixLength, 0, path.Length);
            },
            iter: 5_000);

    [Theory]
    [InlineData("/x/*", "/x", false)]
    [InlineData("/x", "", true)]
    [InlineData("/*", "", false)]
    [InlineData("*.php", "", false)]
    public void The_prefix_is_what_strip_removes(string text, string prefix, bool isExact) =>
        Assert.Equal((prefix, isExact), (PathPattern.Parse(text).Prefix, PathPattern.Parse(text).IsExact));
}
