using Gatehouse.Edge.Rewrite;
using Gatehouse.Edge.Tests.Support;

namespace Gatehouse.Edge.Tests.Rewrite;

public sealed class RewriteConfigTests
{
    [Theory]
    [InlineData(null, null, null, "", "nothing to rewrite")]
    [InlineData("/a", "x", "/b", "regex", "both 'from' and 'regex'")]
    [InlineData("/a", null, null, "from", "no 'to'")]
    [InlineData(null, "^/a", null, "regex", "no 'to'")]
    [InlineData("/a/", null, "/b", "from", "none behind")]
    [InlineData("a", null, "/b", "from", "a slash in front")]
    [InlineData("/", null, "/b", "from", "none behind")]
    [InlineData("/%20a", null, "/b", "from", "decoded")]
    [InlineData(null, null, "b", "to", "starts with a slash")]
    [InlineData(null, null, "/a%20b", "to", "decoded path")]
    [InlineData(null, null, "/a#b", "to", "fragment")]
    [InlineData(null, null, "/a\nb", "to", "control character")]
    [InlineData(null, null, "/a?x=a b", "to", "as it is sent")]
    [InlineData(null, null, "/a?x=ü", "to", "as it is sent")]
    [InlineData(null, "(", "/b", "regex", "expected a regular expression")]
    [InlineData(null, @"(a)\1", "/b", "regex", "back-references")]
    [InlineData(null, "a(?=b)", "/b", "regex", "look-around")]
    [InlineData(null, "^/(a)", "/$2", "to", "at most $1")]
    [InlineData(null, "^/(a)", "/b?x=$9", "to", "at most $1")]
    [InlineData(null, "^/(a)", "/$", "to", "a group's number")]
    [InlineData(null, "^/(a)", "/$x", "to", "a group's number")]
    public void Says_what_is_wrong(string? from, string? regex, string? to, string setting, string message)
    {
        var fault = Assert.Single(Faults.Of(new RewriteConfig { From = from, Regex = regex, To = to }).All);
        Assert.Equal(setting, fault.Setting);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }
}
