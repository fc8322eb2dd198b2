using System.Text;
using Gatehouse.Protocols;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Exchanges;

/// <summary>The head of a request as views, and what is derived from it.</summary>
public sealed class RequestTests
{
    [Theory]
    [InlineData("example.org", "example.org")]
    [InlineData("example.org:8080", "example.org")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("[::1]:80", "[::1]")]
    [InlineData("192.0.2.1:80", "192.0.2.1")]
    [InlineData("", "")]
    public void The_host_is_the_authority_without_its_port(string authority, string host)
    {
        var request = new FakeExchange("GET", "/", ("Host", authority)).Request;
        Assert.Equal(host, Encoding.ASCII.GetString(request.Host));
    }

    [Theory]
    [InlineData("/plain/path", "/plain/path", false)]
    [InlineData("/a/../b", "/b", true)]
    [InlineData("/%41", "/A", true)]
    [InlineData("//x", "/x", true)]
    public void The_path_is_decoded_where_it_differs(string raw, string path, bool isChanged)
    {
        var request = new FakeExchange("GET", raw + "?q").Request;
        Assert.True(request.TryNormalizePath());
        Assert.Equal(path, Encoding.UTF8.GetString(request.Path));
        Assert.Equal(raw, Encoding.UTF8.GetString(request.RawPath));
        Assert.Equal("q", Encoding.UTF8.GetString(request.Query));
        Assert.Equal(isChanged, request.IsPathChanged);
    }

    [Theory]
    [InlineData("/../x")]
    [InlineData("/%zz")]
    [InlineData("/%00")]
    public void A_path_without_a_safe_form_is_none(string raw) => Assert.False(new FakeExchange("GET", raw).Request.TryNormalizePath());

    [Fact]
    public void Views_follow_their_buffer()
    {
        var exchange = new FakeExchange("POST", "/path?query", ("Host", "a:1"), ("X-Name", "value"));
        var request = exchange.Request;
        var old = request.Target.ToArray();
        // The same bytes three places further on.
        var line = Encoding.ASCII.GetBytes("???POST /path?query Hosta:1X-Namevalue");
        request.Rebase(line, 3);
        Assert.Equal(old, request.Target.ToArray());
        Assert.Equal("POST", Encoding.ASCII.GetString(request.MethodName));
        Assert.Equal(Method.Post, request.Method);
        Assert.Equal("/path", Encoding.ASCII.GetString(request.RawPath));
        Assert.Equal("query", Encoding.ASCII.GetString(request.Query));
        Assert.Equal("a:1", Encoding.ASCII.GetString(request.Authority));
        Assert.True(request.Headers.TryGet("x-name"u8, out var value));
        Assert.Equal("value", Encoding.ASCII.GetString(value));
    }
}
