namespace Gatehouse.Interop.Tests.Proxying;

/// <summary>What the upstream is asked for: the path as the client spelt it, unless it had dot or empty segments, by which a route could be passed.</summary>
public sealed class PathTests(EchoServer echo) : IClassFixture<EchoServer>
{
    [Theory]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/b/", "/a/b/")]
    [InlineData("/", "/")]
    [InlineData("/a%20b", "/a%20b")]
    [InlineData("/group%2Fproject", "/group%2Fproject")]
    [InlineData("/a%3Fb%23c", "/a%3Fb%23c")]
    [InlineData("/a%252Fb", "/a%252Fb")]
    [InlineData("/%7Euser/%c3%bc", "/%7Euser/%c3%bc")]
    [InlineData("/a;b=c/@x:y!$&'()*+,=", "/a;b=c/@x:y!$&'()*+,=")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a/./b/%2e%2E/c%20d", "/a/c%20d")]
    [InlineData("/a//b", "/a/b")]
    [InlineData("/x%2f..%2Fb", "/b")]
    [InlineData("/.../..a/a..", "/.../..a/a..")]
    [InlineData("/a?", "/a?")]
    [InlineData("/a?b=c&d=%20/../e?f", "/a?b=c&d=%20/../e?f")]
    [InlineData("/a/../b?q=/../", "/b?q=/../")]
    [InlineData("/app/x/y?z", "/x/y?z")]
    [InlineData("/app/", "/")]
    [InlineData("/app/a%2Fb", "/a%2Fb")]
    [InlineData("/%61pp/a%20b", "/a%20b")]
    [InlineData("/app/../app/x", "/x")]
    [InlineData("/other/../app/./x%20y", "/x%20y")]
    [InlineData("/%C3%BCber/x", "/x")]
    public void The_target_is(string asked, string seen)
    {
        Assert.Equal(200, echo.Served.Get(asked).Status);
        Assert.Equal(seen, echo.Last.Target);
    }

    [Fact]
    public void A_removed_prefix_is_told()
    {
        echo.Served.Get("/app/x");
        Assert.Equal("/app", echo.Last["X-Forwarded-Prefix"]);
        echo.Served.Get("/%C3%BCber/x");
        Assert.Equal("/%C3%BCber", echo.Last["X-Forwarded-Prefix"]);
        echo.Served.Get("/apps");
        Assert.Equal(("/apps", null), (echo.Last.Target, echo.Last["X-Forwarded-Prefix"]));
        var answer = echo.Served.Get("/app");
        Assert.Equal((308, "/app/"), (answer.Status, answer["Location"]));
    }

    [Theory]
    [InlineData("/../x")]
    [InlineData("/a/../../x")]
    [InlineData("/app/%2e%2e/%2e%2e/x")]
    [InlineData("/a%00b")]
    [InlineData("/a%0d%0aX-Injected:1")]
    [InlineData("/%zz")]
    [InlineData("/%ff")]
    public void A_path_without_safe_form_is_400(string target)
    {
        Assert.Equal(400, echo.Served.Get(target).Status);
        Assert.NotEqual(target, echo.Last.Target);
    }
}
